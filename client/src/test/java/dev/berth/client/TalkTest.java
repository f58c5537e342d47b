package dev.berth.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** examples/client/Talk.java, run as its reader runs it: from the source, in a JVM of its own. */
@Timeout(60)
class TalkTest {
    @TempDir
    Path directory;

    private static Path source() {
        Path here = Path.of("").toAbsolutePath();
        Path found = here.resolve("examples/client/Talk.java");
        return Files.exists(found) ? found : here.resolveSibling("examples/client/Talk.java");
    }

    private String talk(String secret, String gate) throws IOException, InterruptedException {
        Path input = Files.writeString(directory.resolve("input"), "hello\nagain\n");
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path") + File.pathSeparator,
                        source().toString(),
                        "ada",
                        secret,
                        gate)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    @Test
    void example_talks_andLogsOut() throws Exception {
        Town town = new Town();
        try (Pier pier = Pier.tcp(town)) {
            assertThat(talk("sesame", pier.address())).isEqualTo("""
                online as ada
                noted: hello, after 0 others
                noted: again, after 1 others
                ended: LOGGED_OUT, as you wish
                """);
            assertThat(talk("wrong", pier.address())).isEqualTo("""
                ended: DENIED, name or secret are wrong
                OVER DENIED: DENIED: name or secret are wrong
                """);
        }
        assertThat(town.effects()).containsExactly("ada hello", "ada again");
    }
}
