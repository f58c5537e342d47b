package dev.berth.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.node.Berth;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.Feed;
import dev.berth.node.entity.State;
import dev.berth.node.entity.UserSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A room with four users in a played cluster, seed by seed: owners of the room and of sessions, gates and connections end between any two steps.
 * In the end everybody has every line from where he joined, once and in order.
 */
class RoomTest {
    record Line(String text) {}

    record Count(int lines) {}

    record Speak(String text) {}

    interface Room extends Entity<String> {
        void enter(long uid, int back);

        void leave(long uid);

        long say(String text);

        void stumble();

        int lines();
    }

    record RoomCode(State<Count> count, Feed feed) implements Room {
        RoomCode(Context<String> me) {
            this(me.state(new Count(0)), me.feed("room"));
        }

        @Override
        public void enter(long uid, int back) {
            feed.join(uid, back);
        }

        @Override
        public void leave(long uid) {
            feed.leave(uid);
        }

        @Override
        public long say(String text) {
            count.set(new Count(lines() + 1));
            return feed.tell(new Line(text));
        }

        @Override
        public void stumble() {
            feed.tell(new Line("never"));
            throw new Denied("it stumbled");
        }

        @Override
        public int lines() {
            return count.get().lines();
        }
    }

    private static final int SEEDS = Integer.getInteger("berth.rooms.seeds", 30);
    private static final int LINES = 24;
    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    static final BerthTest CHAT = BerthTest.of(Berth.app("chat")
            .entity(Room.class, RoomCode::new)
            .records(Line.class, Count.class)
            .login(who -> Long.parseLong(who.name()))
            .on(Speak.class, (_, said) -> {
                Berth.agent(Room.class, "inn").say(said.text());
                return null;
            }));

    private static Room inn() {
        return CHAT.agent(Room.class, "inn");
    }

    private static List<Object> lines(int from, int upTo) {
        return IntStream.rangeClosed(from, upTo)
                .mapToObj(i -> (Object) new Line(String.valueOf(i)))
                .toList();
    }

    @Test
    @Tag("S3.17")
    void whateverEnds_everybodyHearsEveryLineOnce_inOrder() throws Exception {
        for (long seed = 1; seed <= SEEDS; seed++) {
            CHAT.start(seed);
            try {
                storm(new Random(seed));
            } catch (AssertionError wrong) {
                throw new AssertionError("seed " + seed + ": " + wrong.getMessage(), wrong);
            }
        }
    }

    private static void storm(Random dice) throws Exception {
        List<TestClient> four = new ArrayList<>();
        for (long uid = 1; uid <= 4; uid++) {
            four.add(CHAT.client(uid));
            inn().enter(uid, 0);
        }
        for (int i = 1; i < LINES; i++) {
            String text = String.valueOf(i);
            UnderWay<Long> saying = CHAT.begin(() -> inn().say(text));
            CHAT.play(dice.nextInt(60));
            trouble(dice, four);
            assertThat(saying.result()).isEqualTo(i);
        }
        // Nothing follows that would show who has missed the last one: who was not there, or a room that knew
        // nobody. And no doubt is left that has another cause.
        CHAT.advance(LONG);
        boolean isFirst = dice.nextBoolean();
        if (isFirst) {
            CHAT.kill(CHAT.ownerOf(Room.class, "inn"));
        }
        inn().say(String.valueOf(LINES));
        if (!isFirst) {
            trouble(dice, four);
        }
        CHAT.advance(LONG);
        for (TestClient each : four) {
            assertThat(each.told()).isEqualTo(lines(1, LINES));
            assertThat(each.end()).isEmpty();
        }
        assertThat(inn().lines()).isEqualTo(LINES);
    }

    private static void trouble(Random dice, List<TestClient> four) {
        TestClient one = four.get(dice.nextInt(four.size()));
        switch (dice.nextInt(8)) {
            case 0 -> CHAT.kill(CHAT.ownerOf(Room.class, "inn"));
            case 1 -> killGate(one);
            case 2 -> CHAT.kill(CHAT.ownerOf(UserSession.class, "1"));
            case 3 -> {
                killGate(one);
                CHAT.kill(CHAT.ownerOf(Room.class, "inn"));
            }
            case 4 -> one.hangUp();
            default -> {}
        }
    }

    private static void killGate(TestClient of) {
        try {
            CHAT.kill(of.gate());
        } catch (IllegalArgumentException itIsOver) {
            assertThat(itIsOver).hasMessageContaining("is over");
        }
    }

    // Not even a connection is closed, and the gate's lease has not lapsed: only clients can know. Whoever has said
    // something asks within 5 s of the gate's last word, and goes 5 s later; who is idle asks after 15 s.

    @Test
    @Tag("S3.13")
    void gateThatStandsStill_isLeftByItsClients_whoGoOnAtTheOther() {
        Random dice = new Random(7);
        for (long seed = 1; seed <= SEEDS; seed++) {
            CHAT.start(seed);
            TestClient ada = CHAT.client(1L);
            inn().enter(1, 0);
            ada.ask(new Speak("1"));
            CHAT.advance(Duration.ofMillis(dice.nextInt(100_000)));
            boolean speaks = dice.nextBoolean();
            CHAT.pause(ada.gate());
            Instant before = CHAT.now();
            if (speaks) {
                ada.ask(new Speak("2"));
                assertThat(Duration.between(before, CHAT.now()))
                        .as("seed %d", seed)
                        .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(11));
            } else {
                inn().say("2");
                CHAT.advance(Duration.ofSeconds(21));
            }
            assertThat(ada.told()).as("seed %d", seed).isEqualTo(lines(1, 2));
        }
    }

    @Test
    void whoComesLate_hearsWhatHeIsToHear_andWhoLeavesNoMore() {
        TestClient ada = CHAT.client(1L);
        inn().enter(1, 0);
        for (int i = 1; i <= 10; i++) {
            ada.ask(new Speak(String.valueOf(i)));
        }
        assertThatThrownBy(() -> inn().stumble()).isInstanceOf(Denied.class);
        TestClient bob = CHAT.client(2L);
        inn().enter(2, 3);
        CHAT.advance(LONG);
        inn().leave(1);
        CHAT.advance(LONG);
        CHAT.kill(CHAT.ownerOf(Room.class, "inn"));
        inn().say("11");
        CHAT.advance(LONG);

        assertThat(ada.told()).isEqualTo(lines(1, 10));
        assertThat(bob.told()).isEqualTo(lines(8, 11));
    }
}
