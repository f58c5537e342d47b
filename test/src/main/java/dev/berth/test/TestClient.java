package dev.berth.test;

import dev.berth.core.PublicApi;
import dev.berth.core.machine.Machine;
import dev.berth.core.session.Client;
import dev.berth.core.session.ClientAction;
import dev.berth.core.session.ClientConfig;
import dev.berth.core.session.ClientEvent;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.UserKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A client of a user in the played cluster: the machine that players' programs run, at a gate, with the cluster's clock. Whatever dies, it comes
 * back by itself as the cluster is played. The test's thread.
 */
@PublicApi
public final class TestClient {
    private static final long CONNECT_NANOS = 1_000_000;

    private final BerthTest cluster;
    private final Harbor harbor;
    private final Scene scene;
    private final UserKey user;
    private final Client client;
    private final Scene.Lane lane;
    private final ArrayDeque<CompletableFuture<Outcome>> untaken = new ArrayDeque<>();
    private final Map<Long, CompletableFuture<Outcome>> answers = new TreeMap<>();
    private final List<Object> told = new ArrayList<>();
    private Scene.@Nullable Due alarm;
    private @Nullable Connection connection;
    private boolean online;
    private @Nullable String end;

    /** One to a gate; what comes by an earlier one is nobody's. */
    private final class Connection implements PlayedSeat.Line {
        private final long number;
        private final PlayedGate gate;
        private final PlayedSeat seat;
        private final Scene.Lane heard = scene.lane(() -> true);

        Connection(long number, PlayedGate gate) {
            this.number = number;
            this.gate = gate;
            this.seat = gate.seat(user, this);
        }

        @Override
        public void heard(ToClient message) {
            heard.add(() -> on(new ClientEvent.Heard(number, message)));
        }

        @Override
        public void ended(String why, boolean abrupt) {
            if (abrupt) {
                heard.cut();
            }
            heard.add(() -> on(new ClientEvent.Broken(number, why)));
        }
    }

    /** That so many positions of a feed are gone, because the client was away for longer than its history is kept. */
    @PublicApi
    public record Lost(String feed, long from, long upTo) {}

    TestClient(BerthTest cluster, Harbor harbor, UserKey user, List<String> gates) {
        this.cluster = cluster;
        this.harbor = harbor;
        this.scene = harbor.scene();
        this.user = user;
        this.lane = scene.lane(() -> true);
        this.client = new Client(ClientConfig.of(gates, user.text(), Bytes.EMPTY), scene.random.split());
    }

    void begin() {
        on(new ClientEvent.Start());
    }

    boolean isSettled() {
        return online || end != null;
    }

    // ---- For the test

    /**
     * Says a record of the application, and plays until it is answered: what {@code UserApp.on} has answered, null too. Denied is thrown here, any
     * other failure as an IllegalStateException with its name. Within {@link BerthTest#begin} it waits while the test plays.
     */
    public @Nullable Object ask(Object message) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        String type = harbor.app().messages().types().entrySet().stream()
                .filter(each -> each.getValue() == message.getClass())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(message.getClass()
                                .getName() + " is no record of " + harbor.app().service()))
                .getKey();
        Bytes body = harbor.app().messages().write(message);
        Runnable says = () -> lane.add(() -> {
            untaken.add(answer);
            on(new ClientEvent.Say(type, body));
        });
        Strand strand = Strand.current();
        if (strand == null) {
            between(() -> {
                says.run();
                harbor.playUntil(answer::isDone);
            });
        } else {
            says.run();
            strand.await(answer);
        }
        return value(answer.join());
    }

    private @Nullable Object value(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done(String type, Bytes body) -> type.isEmpty() ? null : read(body);
            case Outcome.Failed(String kind, String text) -> {
                if (kind.equals(Denied.class.getSimpleName())) {
                    throw new Denied(text);
                }
                throw new IllegalStateException(kind + ": " + text);
            }
        };
    }

    private Object read(Bytes body) {
        try {
            return harbor.app().messages().read(body);
        } catch (WireException unreadable) {
            throw new IllegalStateException("no record of the application", unreadable);
        }
    }

    /** All records that it has been told so far, in their order, and {@link Lost}; plays first what is on its way. */
    public List<Object> told() {
        between(() -> {
            while (scene.step()) {
                harbor.check();
            }
        });
        return List.copyOf(told);
    }

    /** The gate where it is; plays until it is at one. */
    public TestNode gate() {
        List<TestNode> found = new ArrayList<>();
        between(() -> {
            harbor.playUntil(this::isSettled);
            Connection its = connection;
            if (its == null || !online) {
                throw new IllegalStateException("the session is over: " + end);
            }
            found.add(new TestNode(its.gate.member().name(), its.gate.member().life()));
        });
        return found.getFirst();
    }

    /** Its network is gone for a moment: what is on its way, there or back, may be lost. */
    public void hangUp() {
        between(() -> {
            Connection its = connection;
            if (its != null) {
                its.seat.hungUp(true);
                its.ended("the network is gone", true);
            }
        });
    }

    /** Why its session is over for good, REPLACED by a newer log-in for example; empty as long as it is not. */
    public Optional<String> end() {
        return Optional.ofNullable(end);
    }

    private void between(Runnable what) {
        if (!cluster.plays(harbor)) {
            throw new IllegalStateException("this client's cluster is over");
        }
        cluster.between(() -> {
            what.run();
            return true;
        });
    }

    // ---- The shell of its machine

    private void on(ClientEvent event) {
        client.on(scene.nowNanos(), event, this::act);
        rearm();
    }

    private void rearm() {
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        long next = client.nextWakeNanos();
        if (next != Machine.NEVER) {
            alarm = scene.after(next - scene.nowNanos(), lane, () -> {
                client.advance(scene.nowNanos(), this::act);
                rearm();
            });
        }
    }

    private void act(ClientAction action) {
        switch (action) {
            case ClientAction.Connect(long number, String gate) ->
                scene.after(CONNECT_NANOS, lane, () -> connect(number, gate));
            case ClientAction.Send(long number, var message) -> {
                if (connection != null && connection.number == number) {
                    connection.seat.said(message);
                }
            }
            case ClientAction.Close(long number) -> {
                if (connection != null && connection.number == number) {
                    connection.seat.hungUp(false);
                }
            }
            case ClientAction.Taken(long seq) -> answers.put(seq, untaken.remove());
            case ClientAction.NotTaken(String why) ->
                untaken.remove().completeExceptionally(new IllegalStateException(why));
            case ClientAction.Answered(long seq, Outcome outcome) -> {
                CompletableFuture<Outcome> answer = answers.remove(seq);
                if (answer != null) {
                    answer.complete(outcome);
                }
            }
            case ClientAction.Told item -> told.add(read(item.item().body()));
            case ClientAction.Lost(int _, String feed, long from, long upTo) -> told.add(new Lost(feed, from, upTo));
            case ClientAction.Online _ -> online = true;
            case ClientAction.Offline _ -> online = false;
            case ClientAction.Ended(String code, String text, List<Long> unanswered) -> {
                online = false;
                end = code;
                unanswered.forEach(seq -> {
                    CompletableFuture<Outcome> answer = answers.remove(seq);
                    if (answer != null) {
                        answer.completeExceptionally(new IllegalStateException(
                                "the session was over before the answer came: " + code + " " + text));
                    }
                });
            }
        }
    }

    private void connect(long number, String name) {
        PlayedGate gate = harbor.gate(name);
        if (gate == null) {
            on(new ClientEvent.Broken(number, "nobody listens"));
        } else {
            connection = new Connection(number, gate);
            on(new ClientEvent.Connected(number));
        }
    }
}
