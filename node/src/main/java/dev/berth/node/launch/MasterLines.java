package dev.berth.node.launch;

import dev.berth.core.cluster.Certificate;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.machine.Backoff;
import dev.berth.node.link.Dialect;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.member.MemberNode;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

// A launcher is no member: it hears no views and does not know who leads. So a certificate goes to every master, at
// once on the connections that stand ready, and again a few times and on each new connection, in case the leader was
// just lost. A repeated certificate changes nothing. If all are lost, the lease runs out as it would without one.

/**
 * The launcher's connections with the masters, for certificates, and for questions while nodes are rolled. Any thread; its own
 * loop does the work.
 */
final class MasterLines implements Certifier, AutoCloseable {
    private static final int TRIES = 8;
    private static final int PENDING_MAX = 256;
    private static final int ASKED_MAX = 16;

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
    private final List<Question<?>> asked = new ArrayList<>();
    private boolean closed;

    /** Sent to every master; only the leading one answers. */
    private record Question<T>(
            ClusterMessage.ToMaster message,
            Function<ClusterMessage.ToMember, Optional<T>> answer,
            CompletableFuture<T> answered) {
        boolean take(ClusterMessage.ToMember heard) {
            var found = answer.apply(heard);
            found.ifPresent(answered::complete);
            return found.isPresent();
        }
    }

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

    /** How the cluster is; fails with a TimeoutException whose message says who is connected. */
    CompletableFuture<ClusterMessage.Status> status(Duration within) {
        var id = MemberNode.nonce();
        return ask(
                new ClusterMessage.AskStatus(id),
                heard -> heard instanceof ClusterMessage.Status status
                                && status.id().equals(id)
                        ? Optional.of(status)
                        : Optional.empty(),
                within);
    }

    /** Asks for a change of the view. */
    CompletableFuture<ClusterMessage.Decided> propose(Proposal proposal, Duration within) {
        var id = MemberNode.nonce();
        return ask(
                new ClusterMessage.Propose(id, Incarnation.NONE, proposal, launcher),
                heard -> heard instanceof ClusterMessage.Decided decided
                                && decided.id().equals(id)
                        ? Optional.of(decided)
                        : Optional.empty(),
                within);
    }

    private <T> CompletableFuture<T> ask(
            ClusterMessage.ToMaster message, Function<ClusterMessage.ToMember, Optional<T>> answer, Duration within) {
        var question = new Question<>(message, answer, new CompletableFuture<T>());
        loop.execute(() -> {
            if (asked.size() == ASKED_MAX) {
                question.answered().completeExceptionally(new TimeoutException(ASKED_MAX + " questions wait"));
                return;
            }
            asked.add(question);
            lines.forEach(line -> line.send(message));
            var _ = loop.schedule(() -> giveUp(question, within), within.toMillis(), TimeUnit.MILLISECONDS);
        });
        return question.answered();
    }

    private void giveUp(Question<?> question, Duration within) {
        if (asked.remove(question)) {
            long open = lines.stream().filter(Line::isOpen).count();
            question.answered()
                    .completeExceptionally(new TimeoutException("no leading master answered within " + within.toMillis()
                            + " ms; " + open + " of " + lines.size() + " are connected"));
        }
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
            send(new ClusterMessage.Dead(certificate));
        }

        void send(ClusterMessage.ToMaster message) {
            if (pipe != null) {
                pipe.send(message);
            }
        }

        @Override
        public void opened(Pipe<ClusterMessage.ToMaster> opened) {
            pipe = opened;
            failures = 0;
            pending.forEach(this::send);
            asked.forEach(question -> send(question.message()));
        }

        @Override
        public void received(ClusterMessage.ToMember message) {
            // What is no answer does not concern somebody who is no member.
            asked.removeIf(question -> question.take(message));
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
