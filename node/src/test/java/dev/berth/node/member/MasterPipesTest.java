package dev.berth.node.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.ClusterMessage.ToMaster;
import dev.berth.core.cluster.ClusterMessage.ToMember;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.wire.Versions;
import dev.berth.node.link.Dialect;
import dev.berth.node.link.Door;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import dev.berth.node.link.Secret;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// A member's goodbye is what spares others the wait for its lease. On a busy machine its loop finds all in one pass:
// the goodbye,
// the end of the connections and the end of the transport.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MasterPipesTest {
    private static final Incarnation SELF = new Incarnation(new NodeId(1), 2);
    private static final ToMaster FIRST = new ClusterMessage.Leave(SELF, "not yet");
    private static final ToMaster GOODBYE = new ClusterMessage.Leave(SELF, "closed");
    private static final String OVER = "the connection is over";

    /** What a master hears, and then that there is no more. */
    private static final class Master implements PipeEars<ToMaster, ToMember> {
        private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

        @Override
        public void opened(Pipe<ToMember> pipe) {}

        @Override
        public void received(ToMaster message) {
            heard.add(message);
        }

        @Override
        public void closed(String cause) {
            heard.add(OVER);
        }

        Object next() throws InterruptedException {
            return Objects.requireNonNull(heard.poll(1, TimeUnit.MINUTES));
        }
    }

    private static Transport transport(Loops loops) {
        Secret secret = Secret.of("a secret of the tests, long enough".getBytes(StandardCharsets.UTF_8));
        return new Transport(
                TransportConfig.of("tests", secret, new Versions(1, 1)).withSilenceMillis(60_000), loops, _ -> {});
    }

    @Test
    void goodbyeLeaves_whenTheTransportIsClosedInTheSamePass() throws Exception {
        Master master = new Master();
        try (Loops masters = Loops.start(1);
                Transport theirs = transport(masters);
                Loops members = Loops.start(1);
                Transport ours = transport(members)) {
            InetSocketAddress address = theirs.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    List.of(new Door<>(Dialect.MASTERS_END, () -> master)));
            EventLoop loop = members.next();
            MasterPipes pipes = new MasterPipes(ours, loop, List.of(address), (_, _) -> {});
            pipes.send(0, FIRST);
            assertThat(master.next()).isEqualTo(FIRST);

            Runnable end = ours::close;
            loop.execute(() -> {
                pipes.send(0, GOODBYE);
                pipes.close("stopped");
                end.run();
            });

            assertThat(master.next()).isEqualTo(GOODBYE);
            assertThat(master.next()).isEqualTo(OVER);
        }
    }
}
