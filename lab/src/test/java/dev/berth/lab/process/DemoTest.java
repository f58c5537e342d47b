package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.poker.demo.DemoCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The demonstration as a person starts it, with fewer bots and servers: processes of their own, real sockets, ZooKeeper and disk; a game server, a gate, the leading master and the
 * store are killed, an owner is stopped past its lease and continued, game servers are rolled to new code. Its own comparison of what players were told
 * with what the tables have said is the test.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DemoTest {
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
    void everyPromiseIsKept() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);

        int code = new DemoCommand().run(print, print, "--servers", "2", "--bots", "12", "--seconds", "0", "--json");

        String said = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(said).isZero();
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
    }
}
