package dev.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

// docs/protocol.md has prose and an example in front, tables behind a marker. The tables and the example are generated
// from the records and compared; so are docs/berth.proto and docs/berth-client.proto.

/** The documents list every frame type, record, field number, type and bound that the code has. */
class ProtocolDocumentTest {
    private static final String TABLES = "<!-- generated from here on: mvn -pl core test -Dberth.write=true -->\n";

    @Test
    void protocolDocument_listsWhatTheCodeHas() {
        assertTables("docs/protocol.md", ProtocolTables.of(ProtocolModel.ofThisVersion()));
    }

    @Test
    void clientProtocolDocument_listsWhatTheCodeHas() {
        assertTables("docs/client-protocol.md", ProtocolTables.ofClients(ProtocolModel.ofClients()));
    }

    private static void assertTables(String file, String tables) {
        WrittenDown document = WrittenDown.at(file);
        String text = document.text();
        String prose = text.substring(0, text.indexOf(TABLES) + TABLES.length());

        document.assertSays(prose + "\n" + tables);
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
        WrittenDown.at("docs/berth.proto").assertSays(ProtoFile.ofNodes().text());
    }

    @Test
    void clientProtoFile_listsWhatTheCodeHas() {
        WrittenDown.at("docs/berth-client.proto")
                .assertSays(ProtoFile.ofClients().text());
    }
}
