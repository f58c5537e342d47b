package dev.berth.poker.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Each file is a table's conversation, what was put in and what came out; it is played and must come out as it is. What a file
 * is about stands in its first lines. {@code -Dscenarios.rewrite=true} writes them anew.
 */
final class ConversationTest {
    private static final Path FILES = Path.of("src/test/resources/dev/berth/poker/rules");

    @TestFactory
    @Tag("S3.2")
    @Tag("S3.20")
    Stream<DynamicTest> table_saysWhatItShall() throws IOException {
        try (var files = Files.list(FILES)) {
            var all = files.sorted().toList();
            assertThat(all).hasSizeGreaterThan(10);
            return all.stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                        var script = Files.readString(file);
                        var played = Conversation.played(script);
                        if (Boolean.getBoolean("scenarios.rewrite")) {
                            Files.writeString(file, played);
                        } else {
                            assertThat(played).isEqualTo(script);
                        }
                    }));
        }
    }
}
