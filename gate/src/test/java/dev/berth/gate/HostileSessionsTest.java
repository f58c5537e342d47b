package dev.berth.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.session.ClientMessage.Answer;
import dev.berth.core.session.ClientMessage.Bodies;
import dev.berth.core.session.ClientMessage.Bye;
import dev.berth.core.session.ClientMessage.Enter;
import dev.berth.core.session.ClientMessage.Gone;
import dev.berth.core.session.ClientMessage.Hello;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.session.ClientMessage.Resume;
import dev.berth.core.session.ClientMessage.Say;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.session.ClientMessage.Welcome;
import dev.berth.core.session.GateLimits;
import dev.berth.core.wire.Bytes;
import dev.berth.node.Berth;
import dev.berth.node.UserApp;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;
import dev.berth.node.worker.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that break the protocol, made from its own list of messages, and clients that push in: over real sockets, at gates of a small cluster.
 * Each is told why it ends; its session, its gold and the well-behaved player beside it are as before.
 */
@Timeout(60)
class HostileSessionsTest {
    record Purse(long gold) {}

    record Buy(int price) {}

    interface Keeper extends Entity<Long> {
        Purse buy(int price);
    }

    record KeeperCode(Context<Long> me, State<Purse> purse) implements Keeper {
        KeeperCode(Context<Long> me) {
            this(me, me.state(new Purse(100)));
        }

        @Override
        public Purse buy(int price) {
            return purse.set(new Purse(purse.get().gold() - price));
        }
    }

    private static final UserApp<Long> GAME = Berth.app("shop")
            .entity(Keeper.class, KeeperCode::new)
            .login(who -> {
                if (!who.password().equals("sesame")) {
                    throw new Denied("wrong password");
                }
                return Long.parseLong(who.name());
            })
            .on(Buy.class, (uid, message) -> Berth.agent(Keeper.class, uid).buy(message.price()));
    private static final Entities APP = GAME.entities();
    private static final BrokenFrames FRAMES =
            new BrokenFrames("shop/Buy", APP.messages().write(new Buy(30)));
    private static final int AT_ONCE = 8;
    private static final int ROUNDS = 45;
    private static final AtomicLong USERS = new AtomicLong(1_000);

    private static DevCluster cluster;
    private static Node first;
    private static SessionGate gate;
    private static SessionGate other;
    private Player ada;

    /** How far a client has come, and what it may say then. */
    private enum Stage {
        CONNECTED,
        GREETED,
        FOUND,
        OPEN;

        private List<String> may() {
            return switch (this) {
                case CONNECTED -> List.of("Hello");
                case GREETED -> List.of("Login", "Resume", "Say", "Ping");
                case FOUND -> List.of("Enter", "Ping");
                case OPEN -> List.of("Say", "Read", "Ack", "Ping", "Bye");
            };
        }
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = DevCluster.start(ServicePlan.bucketed(APP.service(), 1, 8));
        cluster.start(
                cluster.node("owner").withSlots(APP.service(), 1).withMessages(APP.messages()),
                Map.of(APP.service(), APP.code()));
        first = cluster.start(cluster.node("gate-1").withMessages(APP.messages()), Map.of());
        Node second = cluster.start(cluster.node("gate-2").withMessages(APP.messages()), Map.of());
        gate = SessionGate.open(GAME.lobby(first, APP), GateConfig.of(Port.tcp(Haven.ANY)), GateLimits.DEFAULT);
        other = SessionGate.open(GAME.lobby(second, APP), GateConfig.of(Port.tcp(Haven.ANY)), GateLimits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        gate.close();
        other.close();
        cluster.close();
    }

    @BeforeEach
    void adaIsIn() throws Exception {
        ada = player(1, gate);
    }

    private static Player player(long uid, SessionGate at) throws Exception {
        Player player = new Player(
                APP.messages(), String.valueOf(uid), "sesame", at.addresses().getFirst());
        assertThat(player.online.poll(60, TimeUnit.SECONDS)).isNotNull();
        // It may have taken more than one attempt.
        player.offline.clear();
        return player;
    }

    /** Whatever the others did, she has been in all the while, and has her gold. */
    @AfterEach
    void adaIsWell() throws Exception {
        try (Player well = ada) {
            assertThat(well.ask(new Buy(0))).isEqualTo(new Purse(100));
            assertThat(well.offline).isEmpty();
            assertThat(well.online).isEmpty();
            assertThat(well.told).isEmpty();
        }
    }

    // ---- What cannot be read, or has no place

    /** The session of a user who nobody else is; null before it is there. */
    private static @Nullable Welcome bring(Talk talk, Stage to) throws Exception {
        String name = String.valueOf(USERS.incrementAndGet());
        switch (to) {
            case CONNECTED -> {}
            case GREETED -> talk.greeted();
            case FOUND -> talk.found(name);
            case OPEN -> {
                return talk.enters(name);
            }
        }
        return null;
    }

    /** It ends the connection, with this reason, and the session goes on over the next one with all its gold. */
    private static void isRefused(String what, Stage stage, byte[] frame, String why) throws Exception {
        Welcome session;
        try (Talk talk = new Talk(gate)) {
            session = bring(talk, stage);
            Gone gone = talk.raw(frame).gone();
            assertThat(gone.code()).as(what).isEqualTo("PROTOCOL");
            assertThat(gone.text()).as(what).startsWith(why.substring(0, Math.min(190, why.length())));
            assertThat(gone.last()).as(what).isTrue();
        }
        if (session != null) {
            try (Talk again = new Talk(gate)) {
                again.greeted().say(new Resume(session.uid(), session.token(), 0));
                assertThat(again.hears(Welcome.class).epoch()).as(what).isEqualTo(session.epoch() + 1);
                assertThat(buys(again, 1, 1)).as(what).isEqualTo(new Purse(99));
            }
        }
    }

    private static Object buys(Talk talk, long seq, int price) throws Exception {
        talk.say(new Say(seq, seq, 0, "shop/Buy", APP.messages().write(new Buy(price))));
        Answer answer = talk.hears(Answer.class);
        assertThat(answer.seq()).isEqualTo(seq);
        return answer.outcome() instanceof Outcome.Done(String _, Bytes body)
                ? APP.messages().read(body)
                : answer.outcome();
    }

    /** So many at a time; and meanwhile Ada is answered. */
    private void all(List<Callable<Object>> attacks) throws Exception {
        try (ExecutorService crowd = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Object>> under = attacks.stream().map(crowd::submit).toList();
            for (int i = 0; i < under.size(); i++) {
                if (i % AT_ONCE == 0) {
                    assertThat(ada.ask(new Buy(0))).isEqualTo(new Purse(100));
                }
                under.get(i).get();
            }
        }
    }

    @Test
    void brokenFrame_ofEachMessage_endsItsConnection_andSaysWhy() throws Exception {
        List<Callable<Object>> attacks = new ArrayList<>();
        for (ToGate message : FRAMES.messages()) {
            int readable = 0;
            for (BrokenFrames.Frame frame : FRAMES.of(message)) {
                String why = frame.why();
                String what = message.getClass().getSimpleName() + " " + frame.what();
                if (why.isEmpty()) {
                    // Fields may be missing at the end, and HELLO comes in any version.
                    assertThat(what).matches(".* cut at .*|Hello in version 9");
                    readable++;
                    continue;
                }
                for (Stage stage : List.of(Stage.CONNECTED, Stage.GREETED, Stage.OPEN)) {
                    attacks.add(() -> {
                        isRefused(what + " while " + stage, stage, frame.bytes().toArray(), why);
                        return "";
                    });
                }
            }
            assertThat(readable)
                    .as(message.toString())
                    .isLessThanOrEqualTo(message.getClass().getRecordComponents().length + 1);
        }
        all(attacks);
    }

    @Test
    void messageOutOfItsTurn_orThatNeverEnds_endsItsConnection() throws Exception {
        List<Callable<Object>> attacks = new ArrayList<>();
        for (ToGate message : FRAMES.messages()) {
            String name = message.getClass().getSimpleName();
            byte[] frame = Talk.frame(message);
            for (Stage stage : Stage.values()) {
                if (!stage.may().contains(name)) {
                    String why = name + " while " + stage + "; the order is HELLO";
                    attacks.add(() -> {
                        isRefused(why, stage, frame, why);
                        return "";
                    });
                }
            }
            for (int cut = 0; cut < frame.length; cut++) {
                byte[] begun = Arrays.copyOf(frame, cut);
                attacks.add(() -> {
                    try (Talk talk = new Talk(gate)) {
                        assertThat(talk.raw(begun).sayNoMore().next()).isNull();
                    }
                    return "";
                });
            }
        }
        all(attacks);
    }

    @Test
    void versionNobodySpeaks_isRefused_andAFrameWithoutEndIsNotWaitedFor() throws Exception {
        for (int[] versions :
                new int[][] {{2, 9}, {0, 0}, {9, 1}, {-1, 1}, {1, 300}, {Integer.MIN_VALUE, Integer.MAX_VALUE}}) {
            try (Talk talk = new Talk(gate)) {
                Gone gone = talk.say(new Hello(versions[0], versions[1], Bodies.RECORDS))
                        .gone();
                assertThat(gone.code()).isEqualTo("VERSION");
                assertThat(gone.text()).contains("version");
                assertThat(gone.last()).isTrue();
            }
        }
        try (Talk talk = new Talk(gate)) {
            assertThat(talk.greeted().raw(new byte[] {127, -1, -1, -1, -66}).next())
                    .isNull();
        }
    }

    // ---- Two at once

    /** Where one of two devices has come to. */
    private record Device(Talk talk, @Nullable ToClient told) {
        long epoch() {
            return told instanceof Welcome welcome ? welcome.epoch() : -1;
        }
    }

    private static ToGate prepared(Talk talk, @Nullable Welcome session) throws Exception {
        if (session == null) {
            talk.found("2");
            return new Enter();
        }
        talk.greeted();
        return new Resume(session.uid(), session.token(), 0);
    }

    @Test
    @Tag("S3.15")
    void twoDevicesOfAUser_atTheSameInstant_endWithOneThatIsIn_andOneThatIsTold() throws Exception {
        CyclicBarrier now = new CyclicBarrier(2);
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            for (int round = 1; round <= ROUNDS; round++) {
                Welcome before;
                try (Talk earlier = new Talk(gate)) {
                    before = earlier.enters("2");
                }
                try (Talk phone = new Talk(gate);
                        Talk tablet = new Talk(round % 2 == 0 ? gate : other)) {
                    // Two log in, one does while one comes back, two come back.
                    ToGate one = prepared(phone, round % 3 == 2 ? before : null);
                    ToGate another = prepared(tablet, round % 3 > 0 ? before : null);
                    Future<Device> left = two.submit(() -> enters(now, phone, one));
                    Device right =
                            two.submit(() -> enters(now, tablet, another)).get();
                    oneIsIn(left.get(), right, 100 - round);
                }
            }
        }
    }

    private static Device enters(CyclicBarrier now, Talk talk, ToGate message) throws Exception {
        now.await(60, TimeUnit.SECONDS);
        talk.say(message);
        return new Device(talk, talk.next());
    }

    private static void oneIsIn(Device left, Device right, int gold) throws Exception {
        assertThat(left.epoch()).isNotEqualTo(right.epoch());
        boolean isLeft = left.epoch() > right.epoch();
        Device in = isLeft ? left : right;
        Device out = isLeft ? right : left;
        Gone gone = out.told() instanceof Gone told ? told : out.talk().gone();
        assertThat(gone.code()).isIn("REPLACED", "RESUMED", "TROUBLE");
        assertThat(out.talk().next()).isNull();
        assertThat(buys(in.talk(), 1, 1)).isEqualTo(new Purse(gold));
    }

    // ---- Tokens

    private static Gone resumes(String uid, Bytes token) throws Exception {
        try (Talk talk = new Talk(gate)) {
            return talk.greeted().say(new Resume(uid, token, 0)).gone();
        }
    }

    @Test
    void tokenOfAnEndedSession_andOfAnotherUser_getNobodyIn() throws Exception {
        Welcome eve;
        Welcome bob;
        try (Talk evil = new Talk(gate);
                Talk good = new Talk(gate)) {
            eve = evil.enters("3");
            bob = good.enters("4");
            assertThat(resumes(bob.uid(), eve.token()).code()).isEqualTo("REPLACED");
            assertThat(resumes(bob.uid(), Bytes.EMPTY).code()).isEqualTo("REPLACED");
            assertThat(resumes("1", eve.token()).code()).isEqualTo("REPLACED");
            assertThat(buys(good, 1, 1)).isEqualTo(new Purse(99));
            assertThat(evil.say(new Bye()).gone().code()).isEqualTo("LOGGED_OUT");
        }
        assertThat(resumes(eve.uid(), eve.token()).code()).isEqualTo("LOGGED_OUT");
        try (Talk anew = new Talk(gate)) {
            assertThat(anew.enters("3").token()).isNotEqualTo(eve.token());
            Gone gone = resumes(eve.uid(), eve.token());
            assertThat(gone).extracting(Gone::code, Gone::last).containsExactly("REPLACED", true);
            assertThat(buys(anew, 1, 1)).isEqualTo(new Purse(99));
        }
    }

    // ---- A crowd that says nothing

    @Test
    void crowdThatNeverSpeaks_isBoundedAndTold_andANewcomerGetsIn() throws Exception {
        int most = 400;
        GateLimits patience = new GateLimits(1_000_000_000L, 20_000_000_000L, 60_000_000_000L, 200, 50);
        GateConfig config =
                GateConfig.of(Port.tcp(Haven.ANY)).withLimits(Haven.roomy().withClients(most, most));
        List<Talk> mute = new ArrayList<>();
        try (SessionGate small = SessionGate.open(GAME.lobby(first, APP), config, patience);
                Player inside = player(5, small)) {
            for (int i = 0; i < 2_000; i++) {
                mute.add(new Talk(small));
                assertThat(small.count()).isLessThanOrEqualTo(most);
            }
            try (Player newcomer = player(6, small)) {
                assertThat(inside.ask(new Buy(1))).isEqualTo(new Purse(99));
                assertThat(newcomer.ask(new Buy(1))).isEqualTo(new Purse(99));
            }
            int told = 0;
            for (Talk talk : mute) {
                ToClient end = talk.next();
                if (end != null) {
                    assertThat(end).isInstanceOfSatisfying(Gone.class, gone -> {
                        assertThat(gone.code()).isEqualTo("LOGIN_TIMEOUT");
                        assertThat(gone.text()).startsWith("no LOGIN, ENTER or RESUME in 1000 ms");
                    });
                    assertThat(talk.next()).isNull();
                    told++;
                }
            }
            // Nobody was refused before the others were all inside.
            assertThat(told).isGreaterThanOrEqualTo(most - 1);
            Haven.eventually("only who is in is there", () -> small.count() == 1);
            assertThat(inside.offline).isEmpty();
        } finally {
            for (Talk talk : mute) {
                talk.close();
            }
        }
    }
}
