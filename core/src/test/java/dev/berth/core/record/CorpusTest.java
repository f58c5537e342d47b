package dev.berth.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.berth.core.protocol.WrittenDown;
import dev.berth.core.record.Corpus.Case;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// What is in these files is in somebody's store. A change of the format would show here first, and must not pass. The
// same files are read and written by a program in another language, which knows the format from docs/records.md only.

/** Bytes of known values, in Java and in Python. */
class CorpusTest {
    private static final WrittenDown CORPUS = WrittenDown.at("core/src/test/resources/records/corpus.tsv");
    private static final WrittenDown SCHEMA = WrittenDown.at("core/src/test/resources/records/schema.txt");
    private static final Path READER =
            WrittenDown.at("examples/python/berth_records.py").file();

    @Test
    void bytes_areThoseOfTheCorpus() {
        CORPUS.assertSays(Corpus.CASES.stream().map(CorpusTest::line).collect(Collectors.joining()));
    }

    private static String line(Case one) {
        Bytes bytes = Corpus.BOOK.write(one.value());
        String record = "corpus/"
                + (one.value() instanceof Corpus.Bag
                        ? "Purse"
                        : one.value().getClass().getSimpleName());
        return String.join(
                        "\t",
                        one.name(),
                        HexFormat.of().formatHex(bytes.toArray()),
                        record,
                        one.json().replaceAll("\n *", " "))
                + "\n";
    }

    @Test
    void schema_isThatOfTheCorpus() {
        SCHEMA.assertSays(Corpus.BOOK.schema());
    }

    @Test
    void bytesOfTheCorpus_areTheValues() throws WireException {
        List<String> lines = CORPUS.text().lines().toList();
        assertThat(lines).hasSameSizeAs(Corpus.CASES);
        for (int i = 0; i < lines.size(); i++) {
            String hex = lines.get(i).replaceFirst("^[^\t]*\t([0-9a-f]*)\t.*", "$1");
            byte[] bytes = HexFormat.of().parseHex(hex);

            assertThat(Corpus.BOOK.read(Bytes.wrap(bytes)))
                    .isEqualTo(Corpus.CASES.get(i).value());
        }
    }

    @Test
    @Tag("S4.16")
    void googlesLibrary_findsTheFieldsOfTheSchema() throws InvalidProtocolBufferException {
        Set<String> numbers = SCHEMA.text()
                .lines()
                .map(String::strip)
                .map(line -> line.replaceFirst(" .*", ""))
                .collect(Collectors.toSet());
        for (Case one : Corpus.CASES) {
            UnknownFieldSet value =
                    UnknownFieldSet.parseFrom(Corpus.BOOK.write(one.value()).toArray());
            UnknownFieldSet body = UnknownFieldSet.parseFrom(
                    value.getField(2).getLengthDelimitedList().getFirst());

            assertThat(value.asMap()).containsOnlyKeys(1, 2);
            for (int number : body.asMap().keySet()) {
                assertThat(numbers.contains(String.valueOf(number)) || number == 1)
                        .as("%s: %d", one.name(), number)
                        .isTrue();
            }
        }
    }

    @Test
    @Tag("S4.16")
    void python_refusesWhatIsNewerOrSpoiled() throws Exception {
        assumeTrue(hasPython(), "no python3 here: the other side of the corpus is not tested");
        String path = HexFormat.of()
                .formatHex(Corpus.BOOK.write(new Corpus.Path(List.of())).toArray());

        assertThat(python("read", SCHEMA.file().toString(), path)).isEqualTo("corpus/Path {\"points\": []}\n");
        assertThat(python("read", SCHEMA.file().toString(), path.replaceFirst("03$", "04")))
                .isEqualTo("refused: corpus/Path was written in version 4, this book has 3\n");
        assertThat(python("read", SCHEMA.file().toString(), path.substring(0, path.length() - 2)))
                .startsWith("refused: 2 bytes are announced, 1 are there");
        assertThat(python("write", SCHEMA.file().toString(), "corpus/Path", "{\"point\": []}"))
                .isEqualTo("refused: corpus/Path has no point\n");
    }

    @Test
    @Tag("S4.16")
    void python_readsAndWritesTheCorpus() throws Exception {
        assumeTrue(hasPython(), "no python3 here: the other side of the corpus is not tested");
        String said = python("check", SCHEMA.file().toString(), CORPUS.file().toString());

        assertThat(said).isEqualTo(Corpus.CASES.size() + " values read and written alike\n");
    }

    /** What it says, also when it refuses. */
    private static String python(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("python3", "-B", READER.toString()));
        command.addAll(List.of(arguments));
        Process python = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(python.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return said;
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
