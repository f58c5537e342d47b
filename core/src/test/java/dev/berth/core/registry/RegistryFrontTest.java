package dev.berth.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Change;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.machine.Backoff;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Plan: one front is fed views, wishes of its processes and answers of an owner that is played here; what it sends
// and what it says it holds is read. Own entries first, then owner changes and lapses (rule 24), then lookups and
// their cache.
class RegistryFrontTest {
    private static final RegistryKey KEY = RegistryKey.of("player", "anna");
    private static final RegistryKey OTHER = RegistryKey.of("player", "bob");
    private static final long HANDLE = 77;
    private static final RegistryLimits LIMITS = new RegistryLimits(2, 9, 10, 9, 1, 2, 8, new Backoff(10, 80));

    private final RegistryViews views = new RegistryViews();
    private final Incarnation self;
    private final Incarnation first;
    private final Incarnation second;
    private final RegistryFront front;
    private final List<RegistryFrontAction> actions = new ArrayList<>();
    private long now = 1_000;

    RegistryFrontTest() {
        List<Incarnation> lives = views.admit(1, 2, 3);
        self = lives.get(0);
        first = lives.get(1);
        second = lives.get(2);
        Function<RegistryKey, SlotId> oneSlot = _ -> RegistryViews.SLOT;
        front = new RegistryFront(self, "registry", oneSlot, LIMITS, new SplittableRandom(1));
        views.run(first);
        install(true);
        answer(new RegistryMessage.Reported(List.of()));
        actions.clear();
    }

    private void on(RegistryFrontEvent event) {
        front.on(now, event, actions::add);
    }

    private void install(boolean mayAct) {
        on(new RegistryFrontEvent.Installed(views.view(), mayAct));
    }

    private <A extends RegistryFrontAction> List<A> taken(Class<A> kind) {
        List<A> found =
                actions.stream().filter(kind::isInstance).map(kind::cast).toList();
        actions.removeAll(found);
        return found;
    }

    private RegistryFrontAction.Send sent() {
        List<RegistryFrontAction.Send> sent = taken(RegistryFrontAction.Send.class);
        assertThat(sent).hasSize(1);
        return sent.getFirst();
    }

    /** Answers the one message that was sent; returns it. */
    private RegistryFrontAction.Send answer(RegistryMessage.Reply reply) {
        RegistryFrontAction.Send send = sent();
        on(new RegistryFrontEvent.Answered(send.request(), reply));
        return send;
    }

    private void later(long nanos) {
        now += nanos;
        front.advance(now, actions::add);
    }

    private void enroll(RegistryKey key, long handle) {
        on(new RegistryFrontEvent.Enroll(key, handle, Bytes.utf8("s")));
    }

    private void hold() {
        enroll(KEY, HANDLE);
        answer(new RegistryMessage.Registered());
        assertThat(front.holds(KEY)).isTrue();
        actions.clear();
    }

    private Grant grant() {
        return views.grant();
    }

    private RegistryEntry theirs(RegistryKey key, Incarnation holder, long version) {
        return new RegistryEntry(key, 5, holder, Bytes.EMPTY, 1, version);
    }

    private List<RegistryLookup> looked() {
        return taken(RegistryFrontAction.Resolved.class).stream()
                .map(RegistryFrontAction.Resolved::lookup)
                .toList();
    }

    private void find(long ticket, RegistryKey key) {
        on(new RegistryFrontEvent.Find(ticket, key, now + 1_000));
    }

    // ---- own entries

    @Test
    @Tag("S1.10")
    void enrolled_isHeldOnceTheOwnerConfirms_andNotBefore() {
        enroll(KEY, HANDLE);
        assertThat(front.holds(KEY)).isFalse();
        answer(new RegistryMessage.Registered());
        assertThat(front.holds(KEY)).isTrue();
        assertThat(taken(RegistryFrontAction.Confirmed.class))
                .containsExactly(new RegistryFrontAction.Confirmed(KEY, HANDLE));
    }

    @Test
    @Tag("D8")
    void takenByAnother_isLost() {
        enroll(KEY, HANDLE);
        RegistryEntry by = theirs(KEY, second, 1);
        answer(new RegistryMessage.Taken(by));
        assertThat(front.holds(KEY)).isFalse();
        assertThat(actions).containsExactly(new RegistryFrontAction.Lost(KEY, HANDLE, by));
    }

    @Test
    @Tag("D8")
    void secondProcessOfTheSameNode_isDeclined_andTheFirstStands() {
        hold();
        enroll(KEY, HANDLE + 1);
        assertThat(actions)
                .containsExactly(new RegistryFrontAction.Declined(KEY, HANDLE + 1, RegistryRefusal.TAKEN_HERE));
        assertThat(front.known(KEY)).extracting(RegistryEntry::handle).isEqualTo(HANDLE);
    }

    @Test
    void bounds_areTypedRefusals() {
        on(new RegistryFrontEvent.Enroll(KEY, 1, Bytes.utf8("longer than ten")));
        enroll(RegistryKey.of("a", "1"), 1);
        enroll(RegistryKey.of("a", "2"), 2);
        enroll(RegistryKey.of("a", "3"), 3);
        assertThat(taken(RegistryFrontAction.Declined.class))
                .containsExactly(
                        new RegistryFrontAction.Declined(KEY, 1, RegistryRefusal.TOO_LONG),
                        new RegistryFrontAction.Declined(RegistryKey.of("a", "3"), 3, RegistryRefusal.FULL));
        assertThat(front.ownCount()).isEqualTo(2);
    }

    @Test
    void slotFull_isDeclined() {
        enroll(KEY, HANDLE);
        answer(new RegistryMessage.Full(9));
        assertThat(actions).containsExactly(new RegistryFrontAction.Declined(KEY, HANDLE, RegistryRefusal.FULL));
    }

    @Test
    @Tag("S1.16")
    void shareRestatedThrice_whileOneUpdateIsUnderWay_isSentTwice() {
        hold();
        on(new RegistryFrontEvent.Restate(KEY, HANDLE, Bytes.utf8("1")));
        on(new RegistryFrontEvent.Restate(KEY, HANDLE, Bytes.utf8("2")));
        on(new RegistryFrontEvent.Restate(KEY, HANDLE, Bytes.utf8("3")));
        assertThat(answer(new RegistryMessage.Updated()).message())
                .isEqualTo(new RegistryMessage.Update(KEY, 1, Bytes.utf8("1")));
        assertThat(answer(new RegistryMessage.Updated()).message())
                .isEqualTo(new RegistryMessage.Update(KEY, 1, Bytes.utf8("3")));
        assertThat(actions).isEmpty();
    }

    @Test
    void ownerDoesNotKnowIt_isVoidedAndRegisteredAgain() {
        hold();
        on(new RegistryFrontEvent.Restate(KEY, HANDLE, Bytes.utf8("1")));
        answer(new RegistryMessage.NotYours());
        assertThat(front.holds(KEY)).isFalse();
        assertThat(answer(new RegistryMessage.Registered()).message()).isInstanceOf(RegistryMessage.Register.class);
        assertThat(front.holds(KEY)).isTrue();
    }

    @Test
    @Tag("S1.15")
    void withdrawn_isNotHeldAtOnce_andGoneOnceTheOwnerSaysSo() {
        hold();
        on(new RegistryFrontEvent.Withdraw(KEY, HANDLE));
        assertThat(front.holds(KEY)).isFalse();
        assertThat(front.known(KEY)).isNull();
        assertThat(answer(new RegistryMessage.Deregistered()).message())
                .isEqualTo(new RegistryMessage.Deregister(KEY, 1));
        assertThat(actions).containsExactly(new RegistryFrontAction.Withdrawn(KEY, HANDLE));
        assertThat(front.ownCount()).isZero();
    }

    @Test
    void withdrawnAndEnrolledAgain_whileTheFarewellIsUnderWay_hasALaterStamp() {
        hold();
        on(new RegistryFrontEvent.Withdraw(KEY, HANDLE));
        enroll(KEY, HANDLE + 1);
        answer(new RegistryMessage.Deregistered());
        RegistryFrontAction.Send again = answer(new RegistryMessage.Registered());
        assertThat(again.message())
                .isInstanceOfSatisfying(
                        RegistryMessage.Register.class,
                        register -> assertThat(register.entry().stamp()).isEqualTo(2));
        assertThat(front.holds(KEY)).isTrue();
    }

    @Test
    void callFailed_isSaidAgainAfterABackOff() {
        enroll(KEY, HANDLE);
        on(new RegistryFrontEvent.Failed(sent().request()));
        assertThat(actions).isEmpty();
        assertThat(front.nextWakeNanos()).isBetween(now + 5, now + 10);
        later(10);
        answer(new RegistryMessage.Registered());
        assertThat(front.holds(KEY)).isTrue();
    }

    // ---- owner changes and lapses: rule 24

    @Test
    @Tag("S1.29")
    void newOwner_hearsTheReportBeforeAnythingElse_andTheEntryIsHeldAllTheTime() {
        hold();
        views.offer(second);
        install(true);
        find(1, OTHER);
        assertThat(actions).isEmpty();
        assertThat(front.holds(KEY)).isTrue();

        views.next(new Change.SlotChanged(RegistryViews.SLOT, new SlotState.Running(second, grant().epoch())));
        install(true);
        RegistryFrontAction.Send report = answer(new RegistryMessage.Reported(List.of()));
        assertThat(report.to()).isEqualTo(grant());
        assertThat(report.message()).isInstanceOfSatisfying(RegistryMessage.Report.class, told -> {
            assertThat(told.entries()).extracting(RegistryEntry::key).containsExactly(KEY);
            assertThat(told.end()).isTrue();
        });
        assertThat(sent().message()).isEqualTo(new RegistryMessage.Lookup(OTHER));
        assertThat(front.holds(KEY)).isTrue();
    }

    @Test
    void lapsedAfterAnOwnerChange_voidsWhatIsNotConfirmedYet_andRegistersAgain_scenario25() {
        hold();
        views.run(second);
        install(true);
        sent();
        on(new RegistryFrontEvent.Suspended());
        assertThat(front.holds(KEY)).isFalse();
        assertThat(taken(RegistryFrontAction.Voided.class))
                .containsExactly(new RegistryFrontAction.Voided(KEY, HANDLE));

        on(new RegistryFrontEvent.Resumed());
        assertThat(answer(new RegistryMessage.Reported(List.of())).message())
                .isEqualTo(new RegistryMessage.Report(List.of(), true));
        assertThat(front.holds(KEY)).isFalse();
        answer(new RegistryMessage.Taken(theirs(KEY, second, 3)));
        assertThat(taken(RegistryFrontAction.Lost.class)).hasSize(1);
    }

    @Test
    void ownerChangeLearnedOfWhileSuspended_voids() {
        hold();
        on(new RegistryFrontEvent.Suspended());
        assertThat(front.holds(KEY)).isTrue();
        views.offer(second);
        install(false);
        assertThat(front.holds(KEY)).isFalse();
    }

    @Test
    void lapsedUnderTheOwnerThatConfirmed_keepsTheEntry() {
        hold();
        on(new RegistryFrontEvent.Suspended());
        on(new RegistryFrontEvent.Resumed());
        assertThat(front.holds(KEY)).isTrue();
        assertThat(actions).isEmpty();
    }

    @Test
    void confirmedByReport_survivesALapse() {
        hold();
        views.run(second);
        install(true);
        answer(new RegistryMessage.Reported(List.of()));
        on(new RegistryFrontEvent.Suspended());
        assertThat(front.holds(KEY)).isTrue();
    }

    @Test
    void lateReportRefused_voidsAndRegistersAgain() {
        hold();
        views.run(second);
        install(true);
        answer(new RegistryMessage.Reported(List.of(KEY)));
        assertThat(front.holds(KEY)).isFalse();
        assertThat(sent().message()).isInstanceOf(RegistryMessage.Register.class);
    }

    @Test
    void answerOfTheOwnerBefore_confirmsNothing() {
        enroll(KEY, HANDLE);
        RegistryFrontAction.Send before = sent();
        views.run(second);
        install(true);
        on(new RegistryFrontEvent.Answered(before.request(), new RegistryMessage.Registered()));
        assertThat(front.holds(KEY)).isFalse();
    }

    @Test
    void answerFromBeforeALapse_confirmsNothing() {
        enroll(KEY, HANDLE);
        RegistryFrontAction.Send before = sent();
        on(new RegistryFrontEvent.Suspended());
        on(new RegistryFrontEvent.Resumed());
        on(new RegistryFrontEvent.Answered(before.request(), new RegistryMessage.Registered()));
        assertThat(front.holds(KEY)).isFalse();
        assertThat(sent().message()).isInstanceOf(RegistryMessage.Register.class);
    }

    @Test
    void manyEntries_areReportedInPieces_eachAfterTheAnswerToTheOneBefore() {
        RegistryFront many = new RegistryFront(
                self, "registry", _ -> RegistryViews.SLOT, RegistryLimits.DEFAULT, new SplittableRandom(1));
        many.on(now, new RegistryFrontEvent.Installed(views.view(), true), actions::add);
        many.on(
                now,
                new RegistryFrontEvent.Answered(sent().request(), new RegistryMessage.Reported(List.of())),
                _ -> {});
        int entries = RegistryMessage.REPORT_MAX + 1;
        for (int i = 0; i < entries; i++) {
            RegistryKey key = RegistryKey.of("k", "" + i);
            many.on(now, new RegistryFrontEvent.Enroll(key, i, Bytes.EMPTY), actions::add);
            RegistryFrontAction.Send send = sent();
            many.on(now, new RegistryFrontEvent.Answered(send.request(), new RegistryMessage.Registered()), _ -> {});
        }
        views.run(second);
        many.on(now, new RegistryFrontEvent.Installed(views.view(), true), actions::add);
        RegistryFrontAction.Send piece = sent();
        assertThat(((RegistryMessage.Report) piece.message()).end()).isFalse();
        many.on(
                now,
                new RegistryFrontEvent.Answered(piece.request(), new RegistryMessage.Reported(List.of())),
                actions::add);
        assertThat(sent().message()).isInstanceOfSatisfying(RegistryMessage.Report.class, last -> {
            assertThat(last.end()).isTrue();
            assertThat(last.entries()).hasSize(1);
        });
    }

    // ---- lookups

    @Test
    @Tag("S1.14")
    @Tag("S1.30")
    @Tag("S1.31")
    void lookedUpOnce_isAnsweredHere_untilItsOwnerTellsOfAChange() {
        find(1, KEY);
        answer(new RegistryMessage.Found(theirs(KEY, second, 4), true));
        assertThat(taken(RegistryFrontAction.Publish.class)).hasSize(1);
        find(2, KEY);
        assertThat(taken(RegistryFrontAction.Send.class)).isEmpty();
        assertThat(looked()).hasSize(2).allMatch(RegistryLookup.Found.class::isInstance);

        on(new RegistryFrontEvent.Noticed(grant(), new RegistryMessage.Changed(theirs(KEY, first, 5))));
        assertThat(front.known(KEY)).extracting(RegistryEntry::holder).isEqualTo(first);
        on(new RegistryFrontEvent.Noticed(grant(), new RegistryMessage.Gone(KEY, 6)));
        assertThat(front.known(KEY)).isNull();
        find(3, KEY);
        assertThat(sent().message()).isEqualTo(new RegistryMessage.Lookup(KEY));
    }

    @Test
    void absent_isToldButNotKept() {
        find(1, KEY);
        answer(new RegistryMessage.Absent());
        assertThat(looked()).containsExactly(new RegistryLookup.Absent());
        find(2, KEY);
        assertThat(sent().message()).isEqualTo(new RegistryMessage.Lookup(KEY));
    }

    @Test
    void rebuildingOwner_isAskedAgain_andOthersAreNotHeldUp() {
        find(1, KEY);
        answer(new RegistryMessage.Rebuilding());
        assertThat(looked()).isEmpty();
        find(2, OTHER);
        answer(new RegistryMessage.Found(theirs(OTHER, second, 1), true));
        assertThat(looked()).hasSize(1);
        later(10);
        answer(new RegistryMessage.Absent());
        assertThat(looked()).containsExactly(new RegistryLookup.Absent());
    }

    @Test
    void askedWhileAnAnswerIsUnderWay_absentMayBeOlderThanTheQuestion_isAskedAgain() {
        find(1, KEY);
        find(2, KEY);
        answer(new RegistryMessage.Absent());
        assertThat(looked()).hasSize(1);
        answer(new RegistryMessage.Found(theirs(KEY, second, 1), true));
        assertThat(looked()).hasSize(1).allMatch(RegistryLookup.Found.class::isInstance);
    }

    @Test
    @Tag("S1.27")
    void noticeOvertakesTheAnswer_isAskedAgain() {
        find(1, KEY);
        on(new RegistryFrontEvent.Noticed(grant(), new RegistryMessage.Gone(KEY, 9)));
        answer(new RegistryMessage.Found(theirs(KEY, second, 8), true));
        assertThat(looked()).isEmpty();
        assertThat(sent().message()).isEqualTo(new RegistryMessage.Lookup(KEY));
    }

    @Test
    void unmonitoredAnswer_isNotKept() {
        find(1, KEY);
        answer(new RegistryMessage.Found(theirs(KEY, second, 1), false));
        assertThat(looked()).hasSize(1);
        assertThat(front.known(KEY)).isNull();
    }

    @Test
    void cacheFull_theUnusedOneGoes_andItsOwnerNeedNotTellAnyMore() {
        find(1, KEY);
        answer(new RegistryMessage.Found(theirs(KEY, second, 1), true));
        find(2, OTHER);
        answer(new RegistryMessage.Found(theirs(OTHER, second, 2), true));
        assertThat(front.known(KEY)).isNull();
        assertThat(front.known(OTHER)).isNotNull();
        assertThat(sent()).isEqualTo(new RegistryFrontAction.Send(0, grant(), new RegistryMessage.Forget(KEY)));
    }

    @Test
    @Tag("S1.18")
    @Tag("S1.27")
    void holderExpelled_isForgottenWithTheView() {
        find(1, KEY);
        answer(new RegistryMessage.Found(theirs(KEY, second, 1), true));
        views.expel(second);
        install(true);
        assertThat(front.known(KEY)).isNull();
    }

    @Test
    @Tag("S1.27")
    void ownerAViewBehind_namesAnExpelledHolder_isAbsent() {
        views.expel(second);
        install(true);
        find(1, KEY);
        answer(new RegistryMessage.Found(theirs(KEY, second, 1), true));
        assertThat(looked()).containsExactly(new RegistryLookup.Absent());
        assertThat(front.known(KEY)).isNull();
    }

    @Test
    @Tag("S1.27")
    void noticesMayHaveBeenMissed_nothingIsKept() {
        List<Runnable> gaps = List.of(
                () -> on(new RegistryFrontEvent.Disconnected(first)),
                () -> {
                    on(new RegistryFrontEvent.Suspended());
                    on(new RegistryFrontEvent.Resumed());
                },
                () -> on(new RegistryFrontEvent.Doubt(KEY, 5)));
        for (Runnable gap : gaps) {
            find(1, KEY);
            answer(new RegistryMessage.Found(theirs(KEY, second, 1), true));
            gap.run();
            assertThat(front.known(KEY)).isNull();
            later(100);
            actions.clear();
        }
    }

    @Test
    void noticeOfTheOwnerBefore_changesNothing() {
        Grant before = grant();
        views.run(second);
        install(true);
        answer(new RegistryMessage.Reported(List.of()));
        find(1, KEY);
        answer(new RegistryMessage.Found(theirs(KEY, second, 1), true));
        on(new RegistryFrontEvent.Noticed(before, new RegistryMessage.Gone(KEY, 99)));
        assertThat(front.known(KEY)).isNotNull();
    }

    @Test
    void deadlineComes_isUnknown_notAbsent() {
        on(new RegistryFrontEvent.Suspended());
        find(1, KEY);
        assertThat(front.nextWakeNanos()).isEqualTo(now + 1_000);
        later(1_000);
        assertThat(looked()).containsExactly(new RegistryLookup.Unknown(RegistryRefusal.TIMED_OUT));
    }

    @Test
    void tooManyWait_busy() {
        find(1, KEY);
        find(2, KEY);
        find(3, KEY);
        assertThat(looked()).containsExactly(new RegistryLookup.Unknown(RegistryRefusal.BUSY));
    }
}
