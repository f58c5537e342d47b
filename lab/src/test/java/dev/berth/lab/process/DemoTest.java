package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.node.demo.OwnLog;
import dev.berth.node.launch.JavaCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demonstration as a person starts it, with fewer bots and servers: processes of their own, real sockets, ZooKeeper and disk; a game server, a gate, the leading master and the
 * store are killed, an owner is stopped past its lease and continued, game servers are rolled to new code. Its own comparison of what players were told
 * with what the tables have said is the test.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DemoTest {
    @TempDir
    Path dir;

    @Test
    @Tag("S2.6")
    @Tag("S2.13")
    @Tag("S2.19")
    @Tag("S2.25")
    @Tag("S2.29")
    @Tag("S3.7")
    @Tag("S3.11")
    @Tag("S3.12")
    @Tag("S3.13")
    @Tag("S3.17")
    @Tag("S4.18")
    void everyPromiseIsKept() throws Exception {
        Path data = dir.resolve("data");
        ProcessBuilder builder = new ProcessBuilder(JavaCommand.likeThisProcess()
                        .line(
                                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                                List.of(),
                                List.of(
                                        "tool",
                                        "demo",
                                        "--servers",
                                        "2",
                                        "--bots",
                                        "12",
                                        "--seconds",
                                        "0",
                                        "--json",
                                        "--dir",
                                        data.toString())))
                .redirectOutput(dir.resolve("out").toFile())
                .redirectError(dir.resolve("err").toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        // On the leash that nodes are on: it ends with this process, however that ends.
        builder.environment().put("BERTH_LAUNCHER", "tests");
        Process demo = builder.start();
        try {
            int code = demo.waitFor();

            String said = Files.readString(dir.resolve("out"));
            String errors = Files.readString(dir.resolve("err"));
            assertThat(code).as(said + errors).isZero();
            assertThat(said)
                    .contains("\"invariants_held\":true")
                    .contains("\"lost_actions\":0")
                    .contains("\"doubled_actions\":0")
                    .contains("\"chips_conserved\":true")
                    .contains("\"double_owners\":0")
                    .contains("\"zombie_writes_accepted\":0")
                    .contains("\"servers_rolled\":2")
                    .doesNotContain("\"zombie_writes_tried\":0")
                    .doesNotContain("\"hands\":0")
                    .doesNotContain("\"reconnects\":0");
            // What its own node does is in a file, and only warnings are among the lines that people read.
            assertThat(Files.readString(data.resolve(OwnLog.FILE))).contains(" INFO ", " CONNECTED");
            assertThat(said + errors).doesNotContain(" INFO ");
        } finally {
            demo.toHandle().destroy();
            demo.onExit().completeOnTimeout(demo, 60, TimeUnit.SECONDS).join();
        }
    }
}
