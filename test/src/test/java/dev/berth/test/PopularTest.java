package dev.berth.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.entity.EntityLimits;
import dev.berth.node.Berth;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;
import dev.berth.node.entity.UserSession;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A bell that more have rung than it remembers. Of what a user says after he has come back the session knows whether it was tried before; what
 * surely was not is done, and is not refused because it might have been forgotten.
 */
class PopularTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration TAKEN_OVER = Duration.ofMillis(200);
    private static final int SHOUTS = 8;

    record Rung(int times) {}

    record Ring() {}

    interface Bell extends Entity<String> {
        int ring();

        String shout();

        int times();
    }

    record BellCode(State<Rung> rung) implements Bell {
        BellCode(Context<String> me) {
            this(me.state(new Rung(0)));
        }

        @Override
        public int ring() {
            rung.set(new Rung(times() + 1));
            return times();
        }

        /** After eight of these nothing is remembered that was before them. */
        @Override
        public String shout() {
            ring();
            return "dong ".repeat(EntityLimits.ANSWER_BYTES_MAX / 5 / 5);
        }

        @Override
        public int times() {
            return rung.get().times();
        }
    }

    /** Each call that one of these makes is somebody else's for the bell. */
    interface Hand extends Entity<Integer> {
        void ring(int times);

        void shout();
    }

    record HandCode() implements Hand {
        @Override
        public void ring(int times) {
            for (int i = 0; i < times; i++) {
                Berth.agent(Bell.class, "town").ring();
            }
        }

        @Override
        public void shout() {
            Berth.agent(Bell.class, "town").shout();
        }
    }

    @RegisterExtension
    static final BerthTest TOWN = BerthTest.of(Berth.app("town")
            .entity(Bell.class, BellCode::new)
            .entity(Hand.class, _ -> new HandCode())
            .records(Rung.class)
            .login(who -> Long.parseLong(who.name()))
            .on(Ring.class, (_, _) -> new Rung(Berth.agent(Bell.class, "town").ring())));

    private static int times() {
        return TOWN.agent(Bell.class, "town").times();
    }

    private static void rings(TestClient user) {
        TOWN.advance(LONG);
        int before = times();
        assertThat(user.ask(new Ring())).isEqualTo(new Rung(before + 1));
    }

    private static void killOwner() {
        TOWN.kill(TOWN.ownerOf(UserSession.class, "1"));
    }

    @Test
    @Tag("S3.17")
    void whoComesBack_isHeard_unlessWhatHeSaysMayHaveBeenDone() throws Exception {
        TOWN.start(7); // so that there is always one who is refused
        for (int i = 0; times() <= EntityLimits.ANSWERS_MAX + EntityLimits.CLIENTS_MAX; i++) {
            TOWN.agent(Hand.class, i).ring(100);
        }
        TestClient ada = TOWN.client(1L);
        rings(ada);
        ada.hangUp();
        rings(ada);
        TOWN.kill(ada.gate());
        rings(ada);
        // Her session is somewhere else, and nobody who is there has seen what she said before.
        killOwner();
        TOWN.advance(LONG);
        ada.hangUp();
        rings(ada);
        // It has seen her come, and the next owner has not.
        ada.hangUp();
        TOWN.advance(LONG);
        killOwner();
        rings(ada);

        TestClient bob = elsewhere(ada);
        int refused = 0;
        int done = 0;
        for (int round = 0; round < 15; round++) {
            int before = times();
            UnderWay<Object> ringing = TOWN.begin(() -> ada.ask(new Ring()));
            TOWN.play(8 + round % 5);
            // Nobody is there for her before the bell has forgotten what she may have done.
            killOwner();
            killGate(ada);
            killGate(bob);
            TOWN.advance(TAKEN_OVER);
            for (int i = 0; i < SHOUTS; i++) {
                TOWN.agent(Hand.class, i).shout();
            }
            boolean isDone = isDone(ringing);
            TOWN.advance(LONG);
            int its = times() - before - SHOUTS;
            assertThat(its).as("times that it was rung in round %d", round).isBetween(isDone ? 1 : 0, 1);
            refused += isDone ? 0 : 1;
            done += isDone ? 1 : 0;
        }
        assertThat(refused).isPositive();
        assertThat(done).isPositive();
    }

    /** A user at the other gate. */
    private static TestClient elsewhere(TestClient one) {
        for (long user = 2; ; user++) {
            TestClient other = TOWN.client(user);
            if (!other.gate().equals(one.gate())) {
                return other;
            }
        }
    }

    private static void killGate(TestClient of) {
        try {
            TOWN.kill(of.gate());
        } catch (IllegalArgumentException itIsOver) {
            assertThat(itIsOver).hasMessageContaining("is over");
        }
    }

    private static boolean isDone(UnderWay<Object> ringing) throws Exception {
        try {
            ringing.result();
            return true;
        } catch (IllegalStateException refused) {
            assertThat(refused).hasMessageContaining("TooOld");
            return false;
        }
    }
}
