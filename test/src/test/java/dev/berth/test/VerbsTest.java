package dev.berth.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.node.entity.Denied;
import dev.berth.test.Purses.Purse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Each verb does to a purse what its documentation says. Where something is to survive a death, it is killed after every number of
 * steps, with a few seeds for each.
 */
class VerbsTest {
    private static final int SEEDS = 150;
    /** More than a call has, from its begin to its answer. */
    private static final int STEPS = 25;

    @RegisterExtension
    static final BerthTest cluster = BerthTest.of(Purses.app());

    @BeforeEach
    void forget() {
        Purses.RAN.clear();
    }

    private static Purse purse(long key) {
        return cluster.agent(Purse.class, key);
    }

    private static TestNode owner(long key) {
        return cluster.ownerOf(Purse.class, key);
    }

    private static long ran(String what) {
        return Purses.RAN.stream().filter(each -> each.endsWith(what)).count();
    }

    @Test
    void kill_takesWhatWasNotDurable_andNothingElse() {
        purse(1).spend(30);
        assertThat(purse(1).look()).isEqualTo(1);
        TestNode first = owner(1);
        cluster.kill(first);
        assertThat(purse(1).gold()).isEqualTo(70);
        assertThat(purse(1).look()).isEqualTo(1);
        assertThat(owner(1)).isNotEqualTo(first);
    }

    @Test
    void crowdedStore_callsWaitAndDoNotRun_untilItHasTimeAgain() throws Exception {
        purse(1).spend(30);
        cluster.crowdStore(true);
        UnderWay<Long> spending = cluster.begin(() -> purse(1).spend(10));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(spending.hasEnded()).isFalse();
        assertThat(ran("spend")).isEqualTo(1);
        cluster.crowdStore(false);
        assertThat(spending.result()).isEqualTo(60);
        assertThat(ran("spend")).isEqualTo(2);
    }

    @Test
    void crowdedStore_nobodyIsToldThatATheftDidNotRun_afterTheGoldWasTaken() throws Exception {
        int taken = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            cluster.start(seed);
            UnderWay<Long> stealing = cluster.begin(() -> purse(1).steal(2L, 30));
            cluster.play(seed % (2 * STEPS));
            cluster.crowdStore(true);
            cluster.advance(Duration.ofSeconds(40));
            cluster.crowdStore(false);
            boolean refused = false;
            try {
                stealing.result();
            } catch (CallException ended) {
                refused = ended.outcome() instanceof Outcome.Refused<?>;
            }
            long left = purse(2).gold();
            taken += left == 70 ? 1 : 0;
            assertThat(refused && left == 70).as("seed %d", seed).isFalse();
        }
        assertThat(taken).isPositive();
    }

    @Test
    @Tag("S2.4")
    void whatATimerHardens_isThereAfterAKill_andWhatCameLaterIsNot() {
        purse(1).hardenEvery(Duration.ofSeconds(10));
        for (int i = 0; i < 3; i++) {
            purse(1).look();
        }
        cluster.advance(Duration.ofSeconds(11));
        assertThat(purse(1).look()).isEqualTo(4);
        cluster.kill(owner(1));
        assertThat(purse(1).look()).isEqualTo(4);
    }

    @Test
    void fullDisk_isToldToWhoeverWantsAChange_andNothingHasChanged() {
        purse(1).spend(30);
        purse(2).ringAt(cluster.now().plusSeconds(60));
        cluster.fillDisk(true);
        assertThatThrownBy(() -> purse(1).spend(10))
                .isInstanceOf(CallException.class)
                .hasMessageContaining("StoreFull")
                .hasMessageContaining("disk is 100 % full");
        assertThat(purse(1).gold()).isEqualTo(70);
        cluster.advance(Duration.ofSeconds(90));
        // It is tried about once in a second, and not as fast as it can be refused.
        assertThat(ran("ring")).isBetween(10L, 60L);

        cluster.fillDisk(false);
        cluster.advance(Duration.ofSeconds(5));
        long rang = ran("ring");
        cluster.advance(Duration.ofSeconds(60));
        assertThat(ran("ring")).isEqualTo(rang);
        assertThat(purse(1).spend(10)).isEqualTo(60);
    }

    @Test
    void kill_inTheMiddleOfACall_isNotSeenByItsCaller() throws Exception {
        int runTwice = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            cluster.start(seed);
            forget();
            UnderWay<Long> spending = cluster.begin(() -> purse(1).spend(30));
            cluster.play(seed % STEPS);
            cluster.kill(owner(1));
            assertThat(spending.result()).as("seed %d", seed).isEqualTo(70);
            assertThat(purse(1).gold()).as("seed %d", seed).isEqualTo(70);
            runTwice += ran("spend") > 1 ? 1 : 0;
        }
        assertThat(runTwice)
                .as("owners that died after the method and before its write")
                .isPositive();
    }

    @Test
    void kill_inTheMiddleOfATheft_makesNoGold() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            cluster.start(seed);
            UnderWay<Long> stealing = cluster.begin(() -> purse(1).steal(2L, 30));
            cluster.play(seed % (2 * STEPS));
            cluster.kill(owner(seed % 2 == 0 ? 1 : 2));
            assertThat(stealing.result()).as("seed %d", seed).isEqualTo(130);
            assertThat(purse(2).gold()).as("seed %d", seed).isEqualTo(70);
        }
    }

    @Test
    void kill_inTheMiddleOfAPayment_losesNoGold() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            cluster.start(seed);
            UnderWay<Boolean> paying = cluster.begin(() -> {
                purse(1).pay(2L, 30);
                return true;
            });
            cluster.play(seed % (2 * STEPS));
            cluster.kill(owner(seed % 2 == 0 ? 1 : 2));
            paying.result();
            cluster.advance(Duration.ofSeconds(5));
            assertThat(purse(1).gold()).as("seed %d", seed).isEqualTo(70);
            assertThat(purse(2).gold()).as("seed %d", seed).isEqualTo(130);
        }
    }

    /** The next purse whose owner none of these have. */
    private static long elsewhere(long... keys) {
        for (long key = 1; ; key++) {
            TestNode owner = owner(key);
            if (Arrays.stream(keys).noneMatch(other -> owner(other).equals(owner))) {
                return key;
            }
        }
    }

    @Test
    void aPaymentThatWasRefused_comesBack_howeverMuchHasHappenedSince() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            cluster.start(seed);
            long from = 1;
            long to = elsewhere(from);
            long slow = elsewhere(from, to);
            TestNode paused = owner(slow);
            cluster.pause(paused);
            cluster.begin(() -> {
                purse(from).payTwice(to, 31, 30);
                return true;
            });
            // While it waits for somebody it does not write down what has become of its payments.
            cluster.begin(() -> purse(from).steal(slow, 1));
            cluster.play(20 + seed % 40);
            for (int i = 0; i < 8; i++) {
                purse(to).story();
            }
            cluster.kill(owner(from));
            cluster.goOn(paused);
            cluster.advance(Duration.ofMinutes(1));
            assertThat(purse(from).gold() + purse(to).gold() + purse(slow).gold())
                    .as("seed %d", seed)
                    .isEqualTo(300);
        }
    }

    @Test
    void everyNodeMayBeKilled_andComesBack() {
        purse(1).spend(30);
        for (long key = 1; key <= 30; key++) {
            cluster.kill(owner(key));
        }
        assertThat(purse(1).gold()).isEqualTo(70);
        cluster.advance(Duration.ofSeconds(5));
        assertThat(purse(1).gold()).isEqualTo(70);
    }

    @Test
    void pause_othersTakeOver_andWhatTheOldOneStillWrites_isRefused() throws Exception {
        long refused = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            cluster.start(seed);
            UnderWay<Long> spending = cluster.begin(() -> purse(1).spend(30));
            cluster.play(seed % STEPS);
            TestNode paused = owner(1);
            cluster.pause(paused);
            assertThat(spending.result()).as("seed %d", seed).isEqualTo(70);
            cluster.advance(Harbor.LEASE.plusSeconds(1));
            assertThat(owner(1)).isNotEqualTo(paused);
            cluster.goOn(paused);
            cluster.advance(Duration.ofSeconds(3));
            assertThat(purse(1).gold()).as("seed %d", seed).isEqualTo(70);
            refused += cluster.refusedWrites();
        }
        assertThat(refused).isPositive();
    }

    @Test
    void pause_thatIsShorterThanTheLease_isOnlyAPause() throws Exception {
        TestNode owner = owner(1);
        cluster.pause(owner);
        UnderWay<Long> spending = cluster.begin(() -> purse(1).spend(30));
        cluster.advance(Duration.ofSeconds(5));
        assertThat(spending.hasEnded()).isFalse();
        cluster.goOn(owner);
        assertThat(spending.result()).isEqualTo(70);
        assertThat(owner(1)).isEqualTo(owner);
        assertThat(cluster.refusedWrites()).isZero();
    }

    @Test
    void loseReply_losesTheAnswer_andNotItsEffect() {
        cluster.loseReply();
        assertThat(purse(1).spend(30)).isEqualTo(70);
        assertThat(ran("spend")).isEqualTo(1);
        assertThat(purse(1).gold()).isEqualTo(70);
        // Of what changed nothing no answer is kept: that it runs again shows that one was lost.
        Purses.RAN.clear();
        cluster.loseReply();
        assertThat(purse(1).gold()).isEqualTo(70);
        assertThat(ran("gold")).isEqualTo(2);
        assertThat(purse(1).gold()).isEqualTo(70);
        assertThat(ran("gold")).isEqualTo(3);
    }

    @Test
    void advance_movesTheClock_andRingsWhatIsDue() {
        Instant begin = cluster.now();
        purse(1).ringAt(begin.plus(Duration.ofMinutes(5)));
        purse(2).tickEvery(Duration.ofSeconds(60));
        cluster.advance(Duration.ofMinutes(5).minusMillis(1));
        assertThat(ran("ring")).isZero();
        assertThat(ran("tick")).isEqualTo(4);
        cluster.advance(Duration.ofMillis(1));
        assertThat(ran("ring")).isEqualTo(1);
        assertThat(Purses.RAN).anyMatch(each -> each.equals(begin.plusSeconds(300) + " 1 ring"));
        cluster.advance(Duration.ofDays(1));
        assertThat(ran("ring")).isEqualTo(1);
        assertThat(cluster.now()).isEqualTo(begin.plusSeconds(300).plus(Duration.ofDays(1)));
    }

    @Test
    void aTimer_outlivesItsOwner_whenNobodyCalls() {
        purse(1).ringAt(cluster.now().plusSeconds(60));
        cluster.kill(owner(1));
        cluster.advance(Duration.ofSeconds(59));
        assertThat(ran("ring")).isZero();
        cluster.advance(Duration.ofSeconds(2));
        assertThat(ran("ring")).isEqualTo(1);
    }

    @Test
    void aNo_andACircle_areSeenAsOnARealCluster() {
        assertThatThrownBy(() -> purse(1).spend(1_000)).isInstanceOf(Denied.class);
        assertThatThrownBy(() -> purse(1).steal(1L, 5)).hasMessageContaining("is waiting");
    }

    /** What runs in which order, of many at once. */
    private static List<String> piece(long seed) throws Exception {
        cluster.start(seed);
        Purses.RAN.clear();
        List<UnderWay<Long>> all = new ArrayList<>();
        for (long key = 1; key <= 8; key++) {
            long of = key;
            all.add(cluster.begin(() -> purse(of).steal(of + 1, 1)));
        }
        cluster.play(100);
        cluster.kill(owner(1));
        for (UnderWay<Long> each : all) {
            each.result();
        }
        Purses.RAN.add("ended " + cluster.now());
        return List.copyOf(Purses.RAN);
    }

    @Test
    void aSeed_playsTheSamePieceAgain_andAnotherOneAnother() throws Exception {
        List<String> first = piece(7);
        assertThat(piece(8)).isNotEqualTo(first);
        for (int i = 0; i < 10; i++) {
            assertThat(piece(7)).isEqualTo(first);
        }
    }

    @Test
    void aFailure_saysItsSeed() {
        cluster.start(42);
        assertThat(cluster.noted(new AssertionError("as a test fails")).getSuppressed())
                .singleElement()
                .asString()
                .contains("seed 42", "-Dberth.test.seed=42");
    }

    @Test
    void misuse_isRefused_withTheRemedy() {
        TestNode node = owner(1);
        cluster.kill(node);
        assertThatThrownBy(() -> cluster.kill(node)).hasMessageContaining("ask ownerOf again");
        assertThatThrownBy(() -> cluster.goOn(owner(1))).hasMessageContaining("is not paused");
        assertThatThrownBy(() -> BerthTest.of(Purses.app()).now()).hasMessageContaining("@RegisterExtension");
        assertThatThrownBy(() -> BerthTest.of(Purses.app()).nodes(0)).hasMessageContaining("1 to 16");
    }
}
