package dev.berth.node.launch;

import dev.berth.core.cluster.Certificate;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.machine.Backoff;
import dev.berth.node.link.Dialect;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

// A launcher is no member: it hears no views and does not know who leads. So a certificate goes to every master, at
// once on the connections that stand ready, and again a few times and on each new connection, in case the leader was
// just lost. A repeated certificate changes nothing. If all are lost, the lease runs out as it would without one.

/** The launcher's connections with the masters, for certificates. Any thread; its own loop does the work. */
final class MasterLines implements Certifier, AutoCloseable {
    private static final int TRIES = 8;
    private static final int PENDING_MAX = 256;

    private final Backoff again = new Backoff(TimeUnit.MILLISECONDS.toNanos(250), TimeUnit.SECONDS.toNanos(4));
    private final Backoff redial = new Backoff(TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.SECONDS.toNanos(1));
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Loops loops = Loops.start(1);
    private final EventLoop loop = loops.next();
    private final Transport transport;
    private final String launcher;
    private final Consumer<? super String> say;
    private final List<Line> lines = new ArrayList<>();
    private final ArrayDeque<Certificate> pending = new ArrayDeque<>();
    private boolean closed;

    MasterLines(TransportConfig config, List<HostPort> masters, String launcher, Consumer<? super String> say) {
        this.transport = new Transport(config, loops, defect -> say.accept("certificates: " + defect));
        this.launcher = launcher;
        this.say = say;
        for (var master : masters) {
            lines.add(new Line(InetSocketAddress.createUnresolved(master.host(), master.port())));
        }
        loop.execute(() -> lines.forEach(Line::dial));
    }

    @Override
    public void certify(String name, Incarnation incarnation) {
        var certificate = new Certificate(name, incarnation, launcher, Certificate.Proof.WAITED);
        loop.execute(() -> {
            if (pending.size() == PENDING_MAX) {
                pending.removeFirst();
            }
            pending.add(certificate);
            attempt(certificate, 1);
        });
    }

    private void attempt(Certificate certificate, int number) {
        if (closed || !pending.contains(certificate)) {
            return;
        }
        lines.forEach(line -> line.send(certificate));
        if (number == 1) {
            long open = lines.stream().filter(Line::isOpen).count();
            say.accept(certificate.name() + " " + certificate.incarnation() + " is surely over, certified to " + open
                    + " of " + lines.size() + " masters");
        }
        if (number == TRIES) {
            pending.remove(certificate);
            return;
        }
        var _ = loop.schedule(
                () -> attempt(certificate, number + 1), again.delayNanos(number, random), TimeUnit.NANOSECONDS);
    }

    /** One master. On the loop. */
    private final class Line implements PipeEars<ClusterMessage.ToMember, ClusterMessage.ToMaster> {
        private final InetSocketAddress master;
        private @Nullable Pipe<ClusterMessage.ToMaster> pipe;
        private int failures;

        Line(InetSocketAddress master) {
            this.master = master;
        }

        boolean isOpen() {
            return pipe != null;
        }

        void dial() {
            if (!closed) {
                transport.dial(master, Dialect.MEMBERS_END, this, loop);
            }
        }

        void send(Certificate certificate) {
            if (pipe != null) {
                pipe.send(new ClusterMessage.Dead(certificate));
            }
        }

        @Override
        public void opened(Pipe<ClusterMessage.ToMaster> opened) {
            pipe = opened;
            failures = 0;
            pending.forEach(this::send);
        }

        @Override
        public void received(ClusterMessage.ToMember message) {
            // Nothing that a master says concerns somebody who is no member.
        }

        @Override
        public void closed(String cause) {
            pipe = null;
            failures++;
            if (!closed) {
                var _ = loop.schedule(this::dial, redial.delayNanos(failures, random), TimeUnit.NANOSECONDS);
            }
        }
    }

    @Override
    public void close() {
        loop.submit(() -> closed = true).awaitUninterruptibly();
        transport.close();
        loops.close();
    }
}
