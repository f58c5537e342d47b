package dev.berth.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.node.launch.Profile;
import dev.berth.node.launch.UpCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// What a measurement launches is a cluster file like any other: the launcher itself reads it and says what it would
// start.
final class HarborPlanTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void plan_isAFileThatTheLauncherUnderstands(@TempDir Path dir) throws IOException {
        HarborPlan plan = HarborPlan.of(ManyNodes.class)
                .withService("{ capacity = 2, buckets = 64 }", "standby")
                .withArguments("100")
                .withWorkers(3, List.of("-Xmx64m", "-XX:+UseZGC"))
                .withMasters(2)
                .withTimings(Profile.FAST)
                .withGates(2);

        Path file = Files.writeString(
                dir.resolve("bench.conf"),
                plan.file(
                        dir,
                        7001,
                        List.of(loopback(7002), loopback(7003)),
                        7004,
                        List.of(loopback(7005), loopback(7006))));
        int code = new UpCommand().run(new PrintWriter(out, true), new PrintWriter(err, true), "--check", file + "");

        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        assertThat(out.toString())
                .contains("coordinator", "master-1", "master-2", "store", "worker-3", "7001", "7003", "7004", "kv")
                .contains("gate-a", "gate-b");
        assertThat(file).content().contains("[--gate, \"127.0.0.1:7006\"]");
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
