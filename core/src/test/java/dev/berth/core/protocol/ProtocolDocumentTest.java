package dev.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

// docs/protocol.md has prose and an example in front, tables behind a marker. The tables and the example are generated
// from the records and compared; so is docs/berth.proto.

/** The documents list every frame type, record, field number, type and bound that the code has. */
class ProtocolDocumentTest {
    private static final String TABLES = "<!-- generated from here on: mvn -pl core test -Dberth.write=true -->\n";

    @Test
    void protocolDocument_listsWhatTheCodeHas() {
        WrittenDown document = WrittenDown.at("docs/protocol.md");
        String text = document.text();
        String prose = text.substring(0, text.indexOf(TABLES) + TABLES.length());

        document.assertSays(prose + "\n" + ProtocolTables.of(ProtocolModel.ofThisVersion()));
    }

    @Test
    void example_isWhatTheCodeWrites() {
        String text = WrittenDown.at("docs/protocol.md").text();
        String block = text.substring(text.indexOf("```\n", text.indexOf("## An example")) + 4);
        StringBuilder hex = new StringBuilder();
        // What is left of the two spaces before the explanation is hexadecimal.
        block.substring(0, block.indexOf("```"))
                .lines()
                .forEach(line -> hex.append(line.strip().split(" {2,}", 2)[0].replace(" ", "")));

        assertThat(hex).hasToString(HexFormat.of().formatHex(Travellers.frame(GoldenBytesTest.CALL)));
    }

    @Test
    void protoFile_listsWhatTheCodeHas() {
        WrittenDown.at("docs/berth.proto").assertSays(new ProtoFile(ProtocolModel.ofThisVersion()).text());
    }
}
