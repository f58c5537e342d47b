package dev.berth.node.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.Timings;
import dev.berth.node.launch.HostPort;
import dev.berth.node.launch.SecretFile;
import dev.berth.node.link.Secret;
import dev.berth.node.master.MasterServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// A master whose coordinator is down, and another that is down itself, are asked how the cluster is.
class NobodyLeadsTest {
    @TempDir
    Path dir;

    @Test
    void status_saysThatMastersAnswer_andAsksForTheCoordinator() throws Exception {
        Path secret = dir.resolve("secret");
        SecretFile.make(secret);
        InetSocketAddress dead;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = new InetSocketAddress(InetAddress.getLoopbackAddress(), gone.getLocalPort());
        }
        StringWriter err = new StringWriter();
        try (MasterServer master = MasterServer.start(
                new MasterConfig("m1", List.of("m1", "m2"), Timings.DEFAULT, List.of(), SettingsCatalog.BUILT_IN),
                "test",
                Secret.ofFile(secret),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                HostPort.of(dead).toString())) {
            HostPort alive = HostPort.of(master.address());
            int code = new StatusCommand()
                    .run(
                            new PrintWriter(err),
                            new PrintWriter(err),
                            "--masters=" + alive + "," + HostPort.of(dead),
                            "--cluster=test",
                            "--secret-file=" + secret,
                            "--within=2");

            assertThat(code).isEqualTo(1);
            assertThat(err.toString())
                    .contains(
                            "no master could answer within 2 s",
                            alive.port() + " answers, but no master leads: is the coordinator reachable from there?");
        }
    }
}
