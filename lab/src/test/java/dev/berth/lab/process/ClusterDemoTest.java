package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.node.demo.DemoCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * {@code ./berth demo cluster} as a person starts it: processes of their own, real sockets, ZooKeeper and disk; a worker is killed, another stopped past its lease
 * and continued, the leading master and the store are killed, a worker is drained. Its own comparison of what was acknowledged with what is there is the
 * test. {@code mvn -pl lab -am test -Pfaults -Dtest=ClusterDemoTest -Dsurefire.failIfNoSpecifiedTests=false}; a minute.
 */
@EnabledIfSystemProperty(named = "berth.faults", matches = "true")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ClusterDemoTest {
    @Test
    @Tag("S1.23")
    @Tag("S1.25")
    @Tag("S1.34")
    @Tag("S2.6")
    @Tag("S2.13")
    @Tag("S2.19")
    @Tag("S2.24")
    @Tag("S2.25")
    @Tag("S2.29")
    @Tag("S3.7")
    @Tag("S4.18")
    void everyPromiseIsKept() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);

        int code = new DemoCommand().run(print, print, "--json");

        String said = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(said).isZero();
        assertThat(said)
                .contains("\"invariants_held\":true")
                .contains("\"acknowledged_lost\":0")
                .contains("\"double_owners\":0")
                .contains("\"zombie_writes_accepted\":0")
                .contains("\"gold_lost\":0")
                .contains("\"gold_made\":0")
                .doesNotContain("\"entities_calls_done\":0")
                .doesNotContain("\"zombie_writes_tried\":0");
    }
}
