package dev.berth.core.cluster;

import static dev.berth.core.cluster.Quay.MS;
import static dev.berth.core.cluster.Quay.S;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// One member, whose master is the test: it hears beats and answers them as it likes, on clocks that run as it likes.
// Read is for how long the member says that it may act.
class LeaseTest {
    private static final Incarnation SELF = new Incarnation(new NodeId(1), 1);
    private static final long L = 5 * S;

    private final Member member = new Member(
            new MemberConfig("w0", new Nonce(1, 1), 0, List.of(), List.of(), "", Incarnation.NONE, 1, Timings.DEFAULT));
    private final List<MemberAction> actions = new ArrayList<>();
    private long now = 100 * S;

    @BeforeEach
    void isListed() {
        advance();
        hear(new ClusterMessage.Admit(1, new Nonce(1, 1), SELF, now));
        hear(new ClusterMessage.ViewFull(1, ViewImage.of(view())));
        on(new MemberEvent.Installed(1));
        assertThat(member.mayAct(now)).isFalse();
    }

    private static View view() {
        Listing listing = new Listing(SELF, "w0", new Nonce(1, 1), List.of(), List.of(), "", false);
        return View.empty(L).apply(new Delta(1, "test", List.of(new Change.MemberListed(listing))));
    }

    private void advance() {
        member.advance(now, actions::add);
    }

    private void on(MemberEvent event) {
        member.on(now, event, actions::add);
    }

    private void hear(ClusterMessage.ToMember message) {
        on(new MemberEvent.Received(0, message));
    }

    /** Lets time pass, calling the member whenever it wants to be called. */
    private void pass(long nanos) {
        long end = now + nanos;
        while (member.nextWakeNanos() <= end) {
            now = Math.max(now, member.nextWakeNanos());
            advance();
        }
        now = end;
    }

    private ClusterMessage.Beat beat() {
        return (ClusterMessage.Beat) actions.stream()
                .filter(action ->
                        action instanceof MemberAction.Send send && send.message() instanceof ClusterMessage.Beat)
                .map(action -> ((MemberAction.Send) action).message())
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private void answer(ClusterMessage.Beat beat, long leaseNanos, long clockNanos) {
        hear(new ClusterMessage.Answer(1, SELF, beat.seq(), leaseNanos, 1, 1, clockNanos));
    }

    private <T extends MemberAction> List<T> all(Class<T> kind) {
        return actions.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    @Tag("S2.13")
    void rule12_leaseIsCountedFromTheSend_howeverLateTheAnswer() {
        ClusterMessage.Beat beat = beat();
        long sent = now;
        now += 700 * MS;

        answer(beat, L, now);

        assertThat(member.leaseUntilNanos()).isEqualTo(sent + L);
        assertThat(member.mayAct(sent + L - 1)).isTrue();
        assertThat(member.mayAct(sent + L)).isFalse();
    }

    @Test
    void rule12_lateAnswerToAnEarlierBeat_doesNotShortenTheLease() {
        ClusterMessage.Beat early = beat();
        pass(S);
        ClusterMessage.Beat late = beat();
        long sent = now;
        answer(late, L, now);
        answer(early, L, now);

        assertThat(member.leaseUntilNanos()).isEqualTo(sent + L);
    }

    @Test
    void rule12_answerToABeatThatWasNeverSent_orToAnotherLife_countsNothing() {
        long seq = beat().seq();
        hear(new ClusterMessage.Answer(1, SELF, seq + 1, L, 1, 1, now));
        hear(new ClusterMessage.Answer(1, SELF, 0, L, 1, 1, now));
        hear(new ClusterMessage.Answer(1, SELF, -3, L, 1, 1, now));
        hear(new ClusterMessage.Answer(1, new Incarnation(SELF.node(), 7), seq, L, 1, 1, now));

        assertThat(member.mayAct(now)).isFalse();
    }

    @Test
    void rule12_answerToAForgottenBeat_countsNothing() {
        ClusterMessage.Beat first = beat();
        pass(70 * S);

        answer(first, 1_000 * S, now);

        assertThat(member.mayAct(now)).isFalse();
    }

    @Test
    @Tag("S2.29")
    void rule13_leaseLapses_suspends_andResumesInPlace() {
        answer(beat(), L, now);
        assertThat(all(MemberAction.Resume.class)).hasSize(1);
        pass(5 * S);
        assertThat(all(MemberAction.Suspend.class)).containsExactly(new MemberAction.Suspend("lease lapsed"));
        assertThat(member.isOver()).isFalse();

        answer(beat(), L, now);

        assertThat(all(MemberAction.Resume.class)).hasSize(2);
        assertThat(all(MemberAction.Exit.class)).isEmpty();
    }

    @Test
    void tilt_loopThatCameLate_voidsTheLease_untilALaterBeatIsAnswered() {
        answer(beat(), L, now);
        ClusterMessage.Beat before = beat();
        now = member.nextWakeNanos() + S + MS;
        advance();
        assertThat(member.mayAct(now)).isFalse();
        assertThat(all(MemberAction.Suspend.class).getFirst().cause()).startsWith("TILT");

        answer(before, L, now);
        assertThat(member.mayAct(now)).as("by a beat from before the doubt").isFalse();
        pass(MS);
        answer(beat(), L, now);
        assertThat(member.mayAct(now)).isTrue();
    }

    @Test
    void tilt_answerThatWaitedInTheInboxOfAPausedMember_countsNothing() {
        ClusterMessage.Beat before = beat();
        now += 3 * S;

        answer(before, L, now);

        assertThat(member.mayAct(now)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_600_000, -251, 251, 3_600_000})
    void tilt_wallClockOrUptimeThatMovesOtherwise_voidsTheLease(long jumpMillis) {
        answer(beat(), L, now);
        on(new MemberEvent.Clocks(5_000 * S, 9_000 * S));
        pass(500 * MS);
        on(new MemberEvent.Clocks(5_000 * S + 500 * MS, 9_000 * S + 500 * MS));
        assertThat(member.mayAct(now)).isTrue();

        on(new MemberEvent.Clocks(5_000 * S + (500 + jumpMillis) * MS, 9_000 * S + 500 * MS));
        assertThat(member.mayAct(now)).as("wall clock").isFalse();
        pass(MS);
        answer(beat(), L, now);
        assertThat(member.mayAct(now)).isTrue();
        on(new MemberEvent.Clocks(5_000 * S + (501 + jumpMillis) * MS, 9_000 * S + (501 + jumpMillis) * MS));
        assertThat(member.mayAct(now)).as("uptime").isFalse();
    }

    @Test
    void tilt_frozenMachine_whoseMonotonicClockStoodStill_isSeenByItsWallClock() {
        on(new MemberEvent.Clocks(5_000 * S, 9_000 * S));
        answer(beat(), L, now);
        pass(100 * MS);

        on(new MemberEvent.Clocks(5_000 * S + 60 * S, 9_000 * S + 60 * S));

        assertThat(member.mayAct(now)).isFalse();
    }

    /** Beats are answered at once; the master's clock runs at {@code percent} of ours. Says how often it could act. */
    private int answeredBeatsThatCount(int percent, int beats) {
        int counted = 0;
        long from = now;
        for (int i = 0; i < beats; i++) {
            pass(S);
            answer(beat(), L, 50 * S + (now - from) * percent / 100);
            counted += member.mayAct(now) ? 1 : 0;
        }
        return counted;
    }

    @ParameterizedTest
    @ValueSource(ints = {83, 90, 100, 110, 121})
    void clocksWithinTheDriftBound_keepTheLease(int percent) {
        assertThat(answeredBeatsThatCount(percent, 60)).isEqualTo(60);
        assertThat(all(MemberAction.Suspend.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 50, 75, 130, 200, 500})
    void clocksThatRunApart_giveNoLease(int percent) {
        answeredBeatsThatCount(percent, 3);

        assertThat(answeredBeatsThatCount(percent, 20)).isZero();
    }

    @Test
    void clocksThatAgreeAgain_giveTheLeaseBack() {
        answeredBeatsThatCount(50, 10);

        assertThat(answeredBeatsThatCount(100, 10)).isGreaterThanOrEqualTo(7);
    }

    @Test
    void rule12_leaseIsAsLongAsTheAnswerSays() {
        long sent = now;
        answer(beat(), 2 * S, now);
        assertThat(member.leaseUntilNanos()).isEqualTo(sent + 2 * S);
        pass(S);
        answer(beat(), 20 * S, now);
        assertThat(member.leaseUntilNanos()).isEqualTo(now + 20 * S);
    }

    @Test
    void stretch_isRoundedUp_andCoversTheWorstPairOfClocks() {
        assertThat(Timings.DEFAULT.stretched(5 * S)).isEqualTo(6_111_111_112L);
        for (long nanos = 1; nanos < 1_000; nanos++) {
            assertThat(Timings.DEFAULT.stretched(nanos) * 90).isGreaterThanOrEqualTo(nanos * 110);
        }
    }
}
