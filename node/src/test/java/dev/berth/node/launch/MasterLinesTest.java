package dev.berth.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Certificate;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.protocol.Protocol;
import dev.berth.node.link.Dialect;
import dev.berth.node.link.Door;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import dev.berth.node.link.Secret;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// Listening ends of real connections stand for the masters and note what they hear. A certificate must come to each of
// them, also to one that is there only later, and is repeated.
class MasterLinesTest {
    private static final Incarnation LIFE = new Incarnation(new NodeId(4), 17);
    private static final ClusterMessage.Dead DEAD =
            new ClusterMessage.Dead(new Certificate("game", LIFE, "up-test", Certificate.Proof.WAITED));

    private final Loops loops = Loops.start(1);
    private final List<Transport> transports = new ArrayList<>();
    private final Ticker ticker = new Ticker();

    @AfterEach
    void close() {
        transports.forEach(Transport::close);
        loops.close();
    }

    @Test
    void certificate_goesToEveryMaster_andAgain() throws Exception {
        var one = new Ears();
        var two = new Ears();
        var masters = List.of(listen(one, 0), listen(two, 0));
        try (var lines = new MasterLines(config(), masters, "up-test", ticker)) {
            one.awaitConnection();
            two.awaitConnection();

            lines.certify("game", LIFE);

            assertThat(one.next()).isEqualTo(DEAD);
            assertThat(two.next()).isEqualTo(DEAD);
            assertThat(one.next()).isEqualTo(DEAD);
            // How many, depends on whose end of a connection is ready first.
            ticker.await("game n4.17 is surely over, certified to");
        }
    }

    @Test
    void masterThatComesLater_hearsIt() throws Exception {
        var gone = listen(new Ears(), 0);
        transports.removeFirst().close();
        try (var lines = new MasterLines(config(), List.of(gone), "up-test", ticker)) {
            lines.certify("game", LIFE);
            ticker.await("certified to 0 of 1 masters");

            var back = new Ears();
            listen(back, gone.port());

            assertThat(back.next()).isEqualTo(DEAD);
        }
    }

    @Test
    void killedWorker_isCertifiedToTheMaster_withoutWaiting(@TempDir Path state) throws Exception {
        var master = new Ears();
        var masters = List.of(listen(master, 0));
        try (var directory = LaunchDirectory.open(state);
                var lines = new MasterLines(config(), masters, "up-test", ticker)) {
            master.awaitConnection();
            var plan = new LaunchPlan(List.of(SupervisorTest.buoy("game", NodeKind.WORKER, "afloat")));
            var file = SupervisorTest.file(state, Duration.ofSeconds(10));
            var supervisor = new Supervisor(file, plan, directory, "up-test", lines, ticker);
            supervisor.start();
            ticker.await("all 1 serve");
            long pid = directory.leftBehind().getFirst().leader().pid();

            long before = System.nanoTime();
            Posix.kill(pid, Posix.SIGKILL);
            assertThat(master.next()).isEqualTo(DEAD);
            long took = System.nanoTime() - before;

            // Usually a few milliseconds; nothing in between waits, or looks once in a while.
            assertThat(took).isLessThan(TimeUnit.SECONDS.toNanos(1));
            supervisor.stop("enough");
            assertThat(supervisor.await()).isZero();
        }
    }

    private HostPort listen(Ears ears, int port) throws IOException {
        var transport = new Transport(config(), loops, defect -> ticker.accept("defect: " + defect));
        transports.add(transport);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        var bound = transport.listen(address, List.of(new Door<>(Dialect.MASTERS_END, () -> ears)));
        return new HostPort("127.0.0.1", bound.getPort());
    }

    private static TransportConfig config() {
        return TransportConfig.of("test", Secret.of(new byte[32]), Protocol.VERSIONS);
    }

    private static final class Ears implements PipeEars<ClusterMessage.ToMaster, ClusterMessage.ToMember> {
        private final LinkedBlockingQueue<String> connections = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<ClusterMessage.ToMaster> heard = new LinkedBlockingQueue<>();

        @Override
        public void opened(Pipe<ClusterMessage.ToMember> pipe) {
            connections.add(pipe.remote().toString());
        }

        @Override
        public void received(ClusterMessage.ToMaster message) {
            heard.add(message);
        }

        @Override
        public void closed(String cause) {}

        void awaitConnection() throws InterruptedException {
            assertThat(connections.poll(1, TimeUnit.MINUTES)).isNotNull();
        }

        ClusterMessage.ToMaster next() throws InterruptedException {
            var message = heard.poll(1, TimeUnit.MINUTES);
            if (message == null) {
                throw new AssertionError("nothing came within a minute");
            }
            return message;
        }
    }
}
