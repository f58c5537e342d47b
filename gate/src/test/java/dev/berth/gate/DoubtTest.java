package dev.berth.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.Address;
import dev.berth.core.call.CallLimits;
import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.session.ClientAction;
import dev.berth.core.session.GateLimits;
import dev.berth.core.session.SessionAnswer;
import dev.berth.core.session.SessionCall;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.Berth;
import dev.berth.node.UserApp;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.Requests;
import dev.berth.node.entity.UserSession;
import dev.berth.node.process.Raw;
import dev.berth.node.process.Self;
import dev.berth.node.session.SessionBook;
import dev.berth.node.worker.Node;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// The last item of a feed that is lost shows no gap. In each test here one is, and nothing comes after it.

/**
 * What a client was not told, it hears all the same: in a cluster of two owners, a gate and a bystander in this JVM, over real sockets and a real
 * store, one push is lost in each way in which one can be.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DoubtTest {
    record Shout(String text) {}

    interface Crier extends Entity<Long> {
        void shout(String text);
    }

    record CrierCode(Context<Long> me) implements Crier {
        @Override
        public void shout(String text) {
            me.send(me.key(), new Shout(text));
        }
    }

    private static final int BUCKETS = 16;

    private final UserApp<Long> game = Berth.app("market")
            .entity(Crier.class, CrierCode::new)
            .records(Shout.class)
            .login(who -> Long.parseLong(who.name()));
    private final Entities app = game.entities();
    private DevCluster cluster;
    private Node owner;
    private Node away;
    private Node bystander;
    private Node gateNode;
    private SessionGate gate;

    @BeforeEach
    void start() throws Exception {
        cluster = DevCluster.start(ServicePlan.bucketed(app.service(), 2, BUCKETS));
        owner = owner("owner-1");
        away = owner("owner-2");
        bystander = cluster.start(cluster.node("bystander").withMessages(app.messages()), Map.of());
        gateNode = cluster.start(cluster.node("gate-1").withMessages(app.messages()), Map.of());
        gate = SessionGate.open(game.lobby(gateNode, app), GateConfig.of(Port.tcp(Haven.ANY)), GateLimits.DEFAULT);
        // All of them, or a user is chosen whose session moves before anything is missed.
        Haven.eventually("both own half", () -> slotsOf(away) == BUCKETS / 2 && slotsOf(owner) == BUCKETS / 2);
    }

    @AfterEach
    void stop() {
        gate.close();
        cluster.close();
    }

    private Node owner(String name) throws Exception {
        return cluster.start(
                cluster.node(name).withStandby(app.service(), 2).withMessages(app.messages()),
                Map.of(app.service(), app.code()));
    }

    private long slotsOf(Node node) {
        View view = gateNode.view();
        return view == null
                ? 0
                : LongStream.rangeClosed(1, BUCKETS)
                        .filter(number -> view.slot(new SlotId(app.service(), (int) number))
                                        instanceof SlotState.Running(Incarnation its, long _)
                                && its.equals(node.self()))
                        .count();
    }

    /** Whose session is there. */
    private String userAt(Node node) {
        Requests requests = new Requests(app, bystander);
        // By which it was waited for that both own.
        View view = Objects.requireNonNull(gateNode.view());
        return LongStream.range(1, 10_000)
                .mapToObj(String::valueOf)
                .filter(user -> Objects.requireNonNull(view.slot(requests.slot(UserSession.class, user)))
                        .owner()
                        .equals(node.self()))
                .findFirst()
                .orElseThrow();
    }

    private Player player(String user) {
        return new Player(app.messages(), user, "", gate.addresses().getFirst());
    }

    /** By a node that is no gate: what is done here tells the gate nothing. */
    private CompletableFuture<Outcome<Bytes>> ask(String user, String method, Object... arguments) {
        CompletableFuture<Outcome<Bytes>> end = new CompletableFuture<>();
        new Requests(app, bystander).ask(UserSession.class, user, method, 1, end::complete, arguments);
        return end;
    }

    /** The last position of the user's feed, as the session has it. */
    private long last(String user) {
        Outcome<Bytes> outcome = ask(user, "on", SessionBook.write(new SessionCall.Read(1, 0, 1)), "")
                .join();
        try {
            return outcome instanceof Outcome.Done<Bytes>(Bytes body)
                            && SessionBook.read(body, SessionAnswer.class) instanceof SessionAnswer.Page page
                    ? page.page().last()
                    : -1;
        } catch (WireException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    /** His session is told, wrongly, that the client has left, and then there is something to tell. */
    private void missOne(String user, ClientAction.Online online) {
        ask(user, "on", SessionBook.write(new SessionCall.Closed(online.epoch(), true)), "")
                .join();
        app.agent(bystander, Crier.class, Long.parseLong(user)).shout("missed");
        Haven.eventually("it is in his feed", () -> last(user) == 1);
    }

    private static void hears(Player player) throws InterruptedException {
        assertThat(Haven.next(player.told)).isEqualTo(new Shout("missed"));
        assertThat(player.online).isEmpty();
    }

    @Test
    @Tag("S3.17")
    void sessionGetsANewOwner_andIsAsked() throws Exception {
        String user = userAt(away);
        try (Player ada = player(user)) {
            missOne(user, Haven.next(ada.online));
            away.close();

            hears(ada);
        }
    }

    @Test
    @Tag("S3.17")
    void connectionBreaks_whileTheOwnerStays_andIsAsked() throws Exception {
        String user = userAt(away);
        try (Player ada = player(user)) {
            missOne(user, Haven.next(ada.online));
            Wires.cut(gateNode, away);

            hears(ada);
            assertThat(slotsOf(away)).isPositive();
        }
    }

    // A node has no room for another message when it has asked so many questions that nobody has answered. The push is
    // refused then, on the spot; afterwards nothing is said to that client that would show a gap.

    @Test
    @Tag("S3.17")
    void ownerHasNoRoomForThePush_andSaysSoLater() throws Exception {
        String user = userAt(away);
        try (Player ada = player(user)) {
            Haven.next(ada.online);
            LongAdder heard = new LongAdder();
            Address sphinx = bystander
                    .processes()
                    .spawn((Self<Object> _) -> (self, _) -> {
                        heard.increment();
                        return self.replyLater();
                    })
                    .address();
            Address asker = away.processes().spawn(_ -> (_, _) -> null).address();
            for (int asked = 1; asked <= CallLimits.DEFAULT.inFlightMax(); asked++) {
                away.processes()
                        .ask(asker, away.processes().at(sphinx), new Raw(Bytes.EMPTY), Duration.ofMinutes(1), _ -> {});
                if (asked % 1_024 == 0) {
                    // So that none of them finds the way crowded, and makes room.
                    long all = asked;
                    Haven.eventually("they have arrived", () -> heard.sum() == all);
                }
            }
            ask(user, "tell", "market/Shout", app.messages().write(new Shout("missed")))
                    .join();
            assertThat(last(user)).isEqualTo(1);
            assertThat(ada.told).isEmpty();
            // With its connection all that it was asked ends.
            bystander.close();

            hears(ada);
        }
    }
}
