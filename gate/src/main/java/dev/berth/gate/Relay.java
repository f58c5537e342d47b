package dev.berth.gate;

import dev.berth.core.PublicApi;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.wire.Bytes;
import dev.berth.node.process.Asks;
import dev.berth.node.process.ProcessBusyException;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Processes;
import dev.berth.node.process.Raw;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

// Questions of one client run side by side, and their answers leave in the order of the questions. A client that
// has as many under way as it may is not read from until one has been answered: nothing is refused, TCP slows it
// down.

/**
 * A receiver that asks a process, anywhere in the cluster, what to answer to each packet. Immutable; each {@code with} gives another
 * one.
 */
@PublicApi
public final class Relay implements Receiver {
    /** Of one client. */
    public static final int UNDER_WAY = 16;

    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final int GRACE_MILLIS = 100;

    private final Processes processes;
    private final Function<Client, Optional<? extends ProcessRef<?>>> route;
    private final BiFunction<Client, Bytes, ? extends Asks<Bytes>> question;
    private final Duration within;
    private final int underWay;
    private final Function<Outcome<Bytes>, Optional<Bytes>> otherwise;

    private Relay(
            Processes processes,
            Function<Client, Optional<? extends ProcessRef<?>>> route,
            BiFunction<Client, Bytes, ? extends Asks<Bytes>> question,
            Duration within,
            int underWay,
            Function<Outcome<Bytes>, Optional<Bytes>> otherwise) {
        this.processes = processes;
        this.route = route;
        this.question = question;
        this.within = within;
        this.underWay = underWay;
        this.otherwise = otherwise;
    }

    /**
     * Each packet is a question ({@link Raw}) to the process that the route names, asked for each packet anew; its answer is a packet for the client. A client whose question does
     * not end as Done, within 10 s, is closed.
     */
    public static Relay asking(Processes processes, Function<Client, Optional<? extends ProcessRef<?>>> route) {
        return new Relay(processes, route, (_, packet) -> new Raw(packet), WITHIN, UNDER_WAY, _ -> Optional.empty());
    }

    /**
     * A receiver that leaves each packet as a message with a process: nobody answers, but whoever has the client's way can send to it. A client whose packet cannot be
     * left there is closed.
     *
     * @param message what the process gets, such as a record with {@link Client#way} and the packet
     */
    public static Receiver telling(
            Function<Client, Optional<? extends ProcessRef<Object>>> route, BiFunction<Client, Bytes, Object> message) {
        return (client, packet) -> route.apply(client)
                .ifPresentOrElse(
                        process -> {
                            try {
                                process.send(message.apply(client, packet));
                            } catch (ProcessBusyException busy) {
                                client.close(String.valueOf(busy.getMessage()));
                            }
                        },
                        () -> client.close("nobody is there for it"));
    }

    /** The question in a form of the application's own. */
    public Relay withQuestion(BiFunction<Client, Bytes, ? extends Asks<Bytes>> other) {
        return new Relay(processes, route, other, within, underWay, otherwise);
    }

    public Relay withWithin(Duration other) {
        return new Relay(processes, route, question, other, underWay, otherwise);
    }

    /** How many questions of one client are under way before it is not read from. */
    public Relay withUnderWay(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at least one question of a client is under way, got " + most);
        }
        return new Relay(processes, route, question, within, most, otherwise);
    }

    /** What is said to a client whose question did not end as Done; nothing closes it. */
    public Relay withOtherwise(Function<Outcome<Bytes>, Optional<Bytes>> answer) {
        return new Relay(processes, route, question, within, underWay, answer);
    }

    @Override
    public void connected(Client client) {
        client.keep(new Talk(client));
    }

    @Override
    public void packet(Client client, Bytes packet) {
        if (client.kept() instanceof Talk talk) {
            talk.ask(packet);
        }
    }

    private static final class Question {
        private final long untilNanos;
        private @Nullable Outcome<Bytes> end;

        Question(long untilNanos) {
            this.untilNanos = untilNanos;
        }
    }

    /** One client's questions, the oldest first. On its loop. */
    private final class Talk {
        private final Client client;
        private final Queue<Question> open = new ArrayDeque<>(0);
        private boolean watched;

        Talk(Client client) {
            this.client = client;
        }

        void ask(Bytes packet) {
            Question asked = new Question(System.nanoTime() + within.toNanos());
            open.add(asked);
            if (open.size() == underWay) {
                client.pause();
            }
            watch();
            Optional<? extends ProcessRef<?>> to = route.apply(client);
            if (to.isEmpty()) {
                ended(asked, new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0));
                return;
            }
            processes.ask(
                    client.way().address(),
                    to.get(),
                    question.apply(client, packet),
                    within,
                    outcome -> told(asked, outcome));
        }

        /** Here if it was answered on the loop, as what comes from another node is. */
        private void told(Question asked, Outcome<Bytes> outcome) {
            if (client.loop().inEventLoop()) {
                ended(asked, outcome);
            } else {
                client.execute(0, () -> ended(asked, outcome));
            }
        }

        private void ended(Question asked, Outcome<Bytes> outcome) {
            if (asked.end != null) {
                return;
            }
            asked.end = outcome;
            boolean full = open.size() >= underWay;
            for (Question first = open.peek(); first != null && first.end != null; first = open.peek()) {
                open.remove();
                say(first.end);
            }
            if (full && open.size() < underWay) {
                client.resume();
            }
        }

        private void say(Outcome<Bytes> outcome) {
            Optional<Bytes> answer =
                    outcome instanceof Outcome.Done<Bytes>(Bytes value) ? Optional.of(value) : otherwise.apply(outcome);
            answer.ifPresentOrElse(client::send, () -> client.close("its question ended as " + outcome));
        }

        /** One timer per client, and only while it waits: a process of this node need not ever answer. */
        private void watch() {
            Question first = open.peek();
            if (!watched && first != null) {
                watched = true;
                long left = first.untilNanos - System.nanoTime();
                var _ = client.after((int) Math.max(0, left / 1_000_000) + GRACE_MILLIS, this::look);
            }
        }

        private void look() {
            watched = false;
            if (client.isOver()) {
                return;
            }
            long now = System.nanoTime();
            for (Question each : open.toArray(new Question[0])) {
                if (each.end == null && now - each.untilNanos >= 0) {
                    ended(each, new Outcome.Unknown<>(Outcome.Cause.DEADLINE));
                }
            }
            watch();
        }
    }
}
