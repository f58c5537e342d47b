package dev.berth.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.session.ClientAction;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.node.Berth;
import dev.berth.node.UserApp;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;
import dev.berth.node.entity.UserSession;
import dev.berth.node.worker.Node;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A small game with users in a cluster of two owners and two gates in this JVM, over real sockets and a real store. What its clients hear is
 * compared with what the entities have, after gates and owners were closed at the worst moment.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SessionGateTest {
    record Purse(long gold) {}

    record Buy(int price) {}

    record Rob(int gold) {}

    record Shout(String text) {}

    record Unheard(String text) {}

    interface Keeper extends Entity<Long> {
        Purse buy(int price);

        Purse look();

        void note(String text);
    }

    record KeeperCode(Context<Long> me, State<Purse> purse) implements Keeper {
        KeeperCode(Context<Long> me) {
            this(me, me.state(new Purse(100)));
        }

        @Override
        public Purse buy(int price) {
            if (purse.get().gold() < price) {
                throw new Denied("not enough gold");
            }
            return purse.set(new Purse(purse.get().gold() - price));
        }

        @Override
        public Purse look() {
            return purse.get();
        }

        @Override
        public void note(String text) {
            me.send(me.key(), new Shout(text));
        }
    }

    /** Where the handler of a test waits after its effect, the first time. */
    private record Hold(CountDownLatch reached, CountDownLatch goesOn) {
        Hold() {
            this(new CountDownLatch(1), new CountDownLatch(1));
        }
    }

    private static final AtomicReference<@Nullable Hold> HOLD = new AtomicReference<>();

    private final UserApp<Long> game = Berth.app("inn")
            .entity(Keeper.class, KeeperCode::new)
            .records(Shout.class, Unheard.class)
            .login(who -> {
                if (!who.password().equals("sesame")) {
                    throw new Denied("wrong password");
                }
                return Long.parseLong(who.name());
            })
            .on(Buy.class, SessionGateTest::buys)
            .on(Rob.class, (_, _) -> {
                throw new IllegalStateException("nobody robs here");
            })
            .on(Shout.class, (uid, message) -> {
                Berth.agent(Keeper.class, uid).note(message.text());
                return null;
            });
    private final Entities app = game.entities();
    private Roadstead road;
    private Node owner;
    private SessionGate gate;
    private SessionGate other;

    private static Purse buys(long uid, Buy message) {
        Purse left = Berth.agent(Keeper.class, uid).buy(message.price());
        Hold hold = HOLD.getAndSet(null);
        if (hold != null) {
            hold.reached.countDown();
            try {
                hold.goesOn.await();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }
        return left;
    }

    @BeforeEach
    void start() throws Exception {
        HOLD.set(null);
        road = new Roadstead(game, app, "sesame");
        owner = road.owner("owner-1");
        gate = road.gate(road.first, Haven.ANY);
        other = road.gate(road.second, Haven.ANY);
    }

    @AfterEach
    void stop() {
        gate.close();
        other.close();
        road.close();
    }

    private Player player(long uid, SessionGate... at) throws Exception {
        return road.player(uid, at);
    }

    private Keeper keeper(long uid) {
        return app.agent(road.second, Keeper.class, uid);
    }

    private static Object told(Player player) throws Exception {
        return Objects.requireNonNull(player.told.poll(60, TimeUnit.SECONDS), "nothing was told for a minute");
    }

    private static Outcome failed(String kind, String text) {
        return new Outcome.Failed(kind, text);
    }

    @Test
    void user_logsIn_says_isAnswered_andIsTold() throws Exception {
        Player ada = player(1, gate);

        assertThat(ada.ask(new Buy(30))).isEqualTo(new Purse(70));
        assertThat(ada.ask(new Buy(71))).isEqualTo(failed("Denied", "not enough gold"));
        assertThat(ada.ask(new Rob(1))).isEqualTo(failed("IllegalStateException", "nobody robs here"));
        assertThat((Outcome.Failed) ada.ask(new Unheard("x")))
                .extracting(Outcome.Failed::kind)
                .isEqualTo("UnknownMessage");
        ada.ask(new Shout("hello"));
        assertThat(told(ada)).isEqualTo(new Shout("hello"));
        assertThat(keeper(1).look()).isEqualTo(new Purse(70));
    }

    @Test
    void wrongPassword_isDenied_andNoiseEndsOnlyItsOwnConnection() throws Exception {
        try (Player liar = new Player(
                        app.messages(), "1", "guess", gate.addresses().getFirst());
                Plug noise = new Plug(gate.addresses().getFirst())) {
            ClientAction.Ended ended = liar.ended.get(60, TimeUnit.SECONDS);
            assertThat(ended.code()).isEqualTo("DENIED");
            assertThat(ended.text()).isEqualTo("wrong password");
            noise.text("GET / HTTP/1.1\r\n\r\n");
            assertThat(noise.toTheEnd()).isEmpty();
        }
        assertThat(player(1, gate).ask(new Buy(1))).isEqualTo(new Purse(99));
        assertThatThrownBy(() -> Berth.agent(Keeper.class, 1L)).hasMessageContaining("Entities.agent");
    }

    @Test
    @Tag("S3.12")
    void gateCloses_afterTheEffect_andTheClientsRetryAtAnotherIsNone() throws Exception {
        Hold hold = new Hold();
        Player ada = player(2, gate, other);
        SessionGate its = gate.count() == 1 ? gate : other;
        HOLD.set(hold);
        CompletableFuture<Outcome> answer = ada.say(new Buy(30));
        hold.reached.await();
        its.close();
        hold.goesOn.countDown();

        assertThat(answer.get(60, TimeUnit.SECONDS)).isInstanceOf(Outcome.Done.class);
        assertThat(keeper(2).look()).isEqualTo(new Purse(70));
        assertThat(ada.ask(new Buy(1))).isEqualTo(new Purse(69));
        assertThat(ada.online).hasSize(1);
    }

    // The turn of the first attempt is lost with its owner, and the gate that would have repeated it is gone too. What
    // is left is the client's own retry, by a gate and to an owner that know nothing of the first.

    @Test
    @Tag("S3.11")
    @Tag("S3.13")
    void nodesOfGateAndSessionClose_afterTheEffect_andItIsChargedOnce() throws Exception {
        Node away = road.owner("owner-2");
        road.awaitHalves(away, owner);
        long uid = LongStream.range(1, 10_000)
                .filter(each -> road.isAt(away, UserSession.class, String.valueOf(each))
                        && road.isAt(owner, Keeper.class, each))
                .findFirst()
                .orElseThrow();
        Hold hold = new Hold();
        Player ada = player(uid, gate);
        ada.turnsTo(other.addresses().getFirst());
        HOLD.set(hold);
        CompletableFuture<Outcome> answer = ada.say(new Buy(30));
        hold.reached.await();
        assertThat(keeper(uid).look()).isEqualTo(new Purse(70));
        road.first.close();
        Thread closing = Thread.startVirtualThread(away::close);
        Haven.eventually("the owner has left", () -> road.slotsOf(away) == 0);
        hold.goesOn.countDown();
        closing.join();

        assertThat(answer.get(60, TimeUnit.SECONDS)).isInstanceOf(Outcome.Done.class);
        assertThat(keeper(uid).look()).isEqualTo(new Purse(70));
        assertThat(ada.ask(new Buy(1))).isEqualTo(new Purse(69));
    }

    @Test
    @Tag("D14")
    @Tag("S3.15")
    void newestLogin_stays_andTheCloseOfTheOldOneErasesNothing() throws Exception {
        Player phone = player(3, gate);
        Player tablet = player(3, other);

        assertThat(phone.ended.get(60, TimeUnit.SECONDS).code()).isEqualTo("REPLACED");
        Haven.eventually("the phone's connection is closed", () -> gate.count() == 0);
        keeper(3).note("still there?");
        assertThat(told(tablet)).isEqualTo(new Shout("still there?"));
        assertThat(tablet.ask(new Buy(1))).isEqualTo(new Purse(99));
        assertThat(phone.told).isEmpty();
    }

    @Test
    @Tag("S3.14")
    @Tag("S3.17")
    @Tag("S3.19")
    void clientCrashes_andAnotherOne_whichKnowsNothing_hearsAllOnce() throws Exception {
        Player crashed = player(5, gate);
        assertThat(crashed.ask(new Buy(30))).isEqualTo(new Purse(70));
        crashed.crash();
        Haven.eventually("its connection is gone", () -> gate.count() == 0);
        for (int i = 1; i <= 3; i++) {
            keeper(5).note(String.valueOf(i));
        }
        Player again = player(5, other);

        for (int i = 1; i <= 3; i++) {
            assertThat(told(again)).isEqualTo(new Shout(String.valueOf(i)));
        }
        assertThat(again.ask(new Buy(1))).isEqualTo(new Purse(69));
        assertThat(again.told).isEmpty();
    }

    @Test
    @Tag("S3.17")
    @Tag("S3.19")
    void whatIsSentWhileTheClientIsAway_isToldWhenItIsBack() throws Exception {
        Player ada = player(4, gate);
        keeper(4).note("1");
        assertThat(told(ada)).isEqualTo(new Shout("1"));
        InetSocketAddress same = gate.addresses().getFirst();
        gate.close();
        for (int i = 2; i <= 80; i++) {
            keeper(4).note(String.valueOf(i));
        }
        gate = road.gate(road.first, same);

        for (int i = 2; i <= 80; i++) {
            assertThat(told(ada)).isEqualTo(new Shout(String.valueOf(i)));
        }
        assertThat(ada.told).isEmpty();
    }

    @Test
    @Tag("S3.17")
    void ownersChange_whileTheClientIsTold_andItHearsAllOnce() throws Exception {
        Node away = road.owner("owner-2");
        road.awaitHalves(away, owner);
        long uid = LongStream.range(1, 10_000)
                .filter(each -> road.isAt(away, UserSession.class, String.valueOf(each)))
                .findFirst()
                .orElseThrow();
        Player ada = player(uid, gate);
        Thread closing = Thread.ofVirtual().unstarted(away::close);
        for (int i = 1; i <= 60; i++) {
            if (i == 30) {
                closing.start();
            }
            keeper(uid).note(String.valueOf(i));
        }
        closing.join();

        for (int i = 1; i <= 60; i++) {
            assertThat(told(ada)).isEqualTo(new Shout(String.valueOf(i)));
        }
        assertThat(ada.ask(new Buy(1))).isEqualTo(new Purse(99));
        assertThat(ada.told).isEmpty();
    }
}
