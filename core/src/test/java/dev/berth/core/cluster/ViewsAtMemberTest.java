package dev.berth.core.cluster;

import static dev.berth.core.cluster.Quay.MS;
import static dev.berth.core.cluster.Quay.S;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// One member hears views from the test in every order: deltas, deltas with a gap, whole views that skip some. Read is
// what it installs, whom it names as expelled, and what it does about its slots.
class ViewsAtMemberTest {
    private static final Incarnation SELF = new Incarnation(new NodeId(1), 2);
    private static final Incarnation OTHER = new Incarnation(new NodeId(2), 2);
    private static final SlotId SLOT = new SlotId("role", 1);

    private final Member member = new Member(
            new MemberConfig("w1", new Nonce(1, 1), 0, List.of(), List.of(), "", Incarnation.NONE, 2, Timings.DEFAULT));
    private final List<MemberAction> actions = new ArrayList<>();
    private final List<Delta> deltas = new ArrayList<>();
    private View view = View.empty(5 * S);
    private long now = 100 * S;

    @BeforeEach
    void isListed() {
        next(new Change.ServicePlanned(ServicePlan.plain("role", 2)));
        next(listed(SELF), listed(OTHER));
        member.advance(now, actions::add);
        hear(new ClusterMessage.Admit(1, new Nonce(1, 1), SELF, now));
        hearFull();
        installed(2);
        answer();
    }

    private static Change listed(Incarnation life) {
        return new Change.MemberListed(new Listing(
                life, "w" + life.node().value(), new Nonce(1, life.number()), List.of(), List.of(), "", false));
    }

    private Delta next(Change... changes) {
        Delta delta = new Delta(view.number() + 1, "test", List.of(changes));
        view = view.apply(delta);
        deltas.add(delta);
        return delta;
    }

    private static Change slot(SlotState state) {
        return new Change.SlotChanged(SLOT, state);
    }

    private void on(MemberEvent event) {
        member.on(now, event, actions::add);
    }

    private void hear(ClusterMessage.ToMember message) {
        on(new MemberEvent.Received(0, message));
    }

    private void hearFull() {
        hear(new ClusterMessage.ViewFull(1, ViewImage.of(view)));
    }

    /** The deltas after {@code from} up to {@code to}. */
    private void hearDeltas(int from, int to) {
        hear(new ClusterMessage.ViewDeltas(1, from, deltas.subList(from, to)));
    }

    private void installed(long number) {
        on(new MemberEvent.Installed(number));
    }

    private void answer() {
        ClusterMessage.Beat beat = beats().getLast();
        hear(new ClusterMessage.Answer(1, SELF, beat.seq(), 5 * S, view.number(), 0, now));
        assertThat(member.mayAct(now)).isTrue();
    }

    private List<ClusterMessage.Beat> beats() {
        return actions.stream()
                .filter(action ->
                        action instanceof MemberAction.Send send && send.message() instanceof ClusterMessage.Beat)
                .map(action -> (ClusterMessage.Beat) ((MemberAction.Send) action).message())
                .toList();
    }

    private <T extends MemberAction> List<T> all(Class<T> kind) {
        return actions.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private List<Long> installs() {
        return all(MemberAction.Install.class).stream()
                .map(install -> install.view().number())
                .toList();
    }

    @Test
    void rule14_deltasInOrder_areInstalledAndAcknowledgedAtOnce() {
        next(listed(new Incarnation(new NodeId(3), 3)));
        hearDeltas(2, 3);
        assertThat(installs()).containsExactly(2L, 3L);
        assertThat(beats().getLast().applied()).isEqualTo(2);

        installed(3);

        assertThat(beats().getLast().applied()).isEqualTo(3);
    }

    @Test
    void rule14_deltasWithAGap_areNotApplied_andAnEarlyBeatAsksForTheRest() {
        next(slot(new SlotState.Free(1)));
        next(slot(new SlotState.Free(2)));

        hearDeltas(3, 4);

        assertThat(installs()).containsExactly(2L);
        assertThat(member.nextWakeNanos()).isLessThan(now + 500 * MS);
        hearDeltas(2, 4);
        assertThat(installs()).containsExactly(2L, 4L);
    }

    @Test
    void rule14_deltasThatOverlap_countOnce() {
        next(slot(new SlotState.Free(1)));
        hearDeltas(2, 3);
        installed(3);
        next(slot(new SlotState.Free(2)));

        hearDeltas(0, 4);
        installed(4);
        hearDeltas(0, 4);
        hearDeltas(2, 3);

        assertThat(installs()).containsExactly(2L, 3L, 4L);
        assertThat(member.view())
                .isNotNull()
                .satisfies(v -> assertThat(ViewImage.of(v)).isEqualTo(ViewImage.of(view)));
    }

    @Test
    void rule14_viewsThatComeWhileOneIsInstalled_areInstalledTogetherNext() {
        for (int i = 0; i < 3; i++) {
            next(slot(new SlotState.Free(i)));
            hearDeltas(2 + i, 3 + i);
        }
        assertThat(installs()).containsExactly(2L, 3L);

        installed(3);
        assertThat(installs()).containsExactly(2L, 3L, 5L);
        installed(5);

        assertThat(beats().getLast().applied()).isEqualTo(5);
    }

    @Test
    void rule14_expelledAreNamedToTheNode_alsoThoseOfViewsThatWereSkipped() {
        next(slot(new SlotState.Free(1)));
        hearDeltas(2, 3);
        next(new Change.MemberGone(OTHER, "test"));
        next(listed(new Incarnation(OTHER.node(), 5)));
        hearDeltas(3, 5);
        installed(3);

        assertThat(all(MemberAction.Install.class).getLast().expelled()).containsExactly(OTHER);
    }

    @Test
    @Tag("S2.20")
    void rule14_fullViewThatSkipsExpulsionAndReadmission_comparesLivesNotNames() {
        next(new Change.MemberGone(OTHER, "test"));
        Incarnation again = new Incarnation(OTHER.node(), 4);
        next(listed(again));

        hearFull();

        MemberAction.Install install = all(MemberAction.Install.class).getLast();
        assertThat(install.expelled()).containsExactly(OTHER);
        assertThat(install.view().lists(again)).isTrue();
    }

    @Test
    void rule14_olderFullView_isIgnored() {
        View old = view;
        next(slot(new SlotState.Free(1)));
        hearDeltas(2, 3);
        installed(3);

        hear(new ClusterMessage.ViewFull(1, ViewImage.of(old)));

        assertThat(installs()).containsExactly(2L, 3L);
    }

    @Test
    void rule14_viewThatNobodyAskedFor_haltsTheMachine() {
        assertThatThrownBy(() -> installed(9))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("view 9");
    }

    @Test
    void rule15_viewThatDoesNotListUs_endsTheLife() {
        next(slot(new SlotState.Running(SELF, 3)));
        hearDeltas(2, 3);
        installed(3);
        next(new Change.MemberGone(SELF, "lease lapsed"));

        hearDeltas(3, 4);

        assertThat(member.isOver()).isTrue();
        assertThat(member.mayAct(now)).isFalse();
        assertThat(all(MemberAction.Drop.class)).hasSize(1);
        assertThat(all(MemberAction.Suspend.class)).hasSize(1);
        assertThat(actions.getLast()).isInstanceOf(MemberAction.Exit.class);
        assertThat(member.nextWakeNanos()).isEqualTo(Member.NEVER);
    }

    @Test
    void rule15_expulsionOfAnotherLife_orByAnOlderView_isIgnored() {
        hear(new ClusterMessage.Expelled(1, new Incarnation(SELF.node(), 1), 9));
        hear(new ClusterMessage.Expelled(1, SELF, SELF.number() - 1));
        hear(new ClusterMessage.Expelled(0, SELF, 9));
        assertThat(member.isOver()).isFalse();

        hear(new ClusterMessage.Expelled(1, SELF, 3));
        assertThat(member.isOver()).isTrue();
    }

    @Test
    void rule18_offeredSlot_isFencedAtOnce_butLoadedOnlyWhenItsBarrierHasClosed() {
        next(slot(new SlotState.Offered(SELF, 3, 0)));
        hearDeltas(2, 3);
        installed(3);
        Grant grant = new Grant(SLOT, 3);
        assertThat(all(MemberAction.Fence.class)).containsExactly(new MemberAction.Fence(grant));
        on(new MemberEvent.Fenced(grant));
        hear(new ClusterMessage.Closed(1, SELF, 2, List.of()));
        assertThat(all(MemberAction.Load.class)).isEmpty();

        hear(new ClusterMessage.Closed(1, SELF, 3, List.of()));

        assertThat(all(MemberAction.Load.class)).containsExactly(new MemberAction.Load(grant, 2));
    }

    @Test
    void rule18_slotThatWasOfferedAnewWhileWeWereAway_startsAnew() {
        next(slot(new SlotState.Running(SELF, 3)));
        hearDeltas(2, 3);
        installed(3);
        run(new Grant(SLOT, 3));
        next(slot(new SlotState.Free(0)));
        next(slot(new SlotState.Offered(OTHER, 5, 0)));
        next(slot(new SlotState.Running(SELF, 6)));

        hearFull();
        installed(6);

        assertThat(actions)
                .containsSubsequence(
                        new MemberAction.Serve(new Grant(SLOT, 3)),
                        new MemberAction.Drop(new Grant(SLOT, 3), "the view renews the grant"),
                        new MemberAction.Fence(new Grant(SLOT, 6)));
        assertThat(all(MemberAction.Serve.class)).hasSize(1);
    }

    private void run(Grant grant) {
        on(new MemberEvent.Fenced(grant));
        on(new MemberEvent.Loaded(grant));
    }

    @Test
    void rule18_refusedFence_givesTheSlotUp_andNamesALostCoordinator() {
        next(slot(new SlotState.Offered(SELF, 3, 0)));
        hearDeltas(2, 3);
        installed(3);

        on(new MemberEvent.FenceRefused(new Grant(SLOT, 3), 77));

        assertThat(sent(ClusterMessage.GivenUp.class)).singleElement().satisfies(givenUp -> {
            assertThat(givenUp.cause()).contains("77").contains("the coordinator has lost views");
            assertThat(givenUp.storedEpoch()).isEqualTo(77);
        });
        assertThat(all(MemberAction.Load.class)).isEmpty();
    }

    private <T extends ClusterMessage> List<T> sent(Class<T> kind) {
        return all(MemberAction.Send.class).stream()
                .map(MemberAction.Send::message)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    @Test
    void rule18_preparedIsRepeatedWithEachBeat_untilAViewShowsIt() {
        next(slot(new SlotState.Offered(SELF, 3, 0)));
        hearDeltas(2, 3);
        installed(3);
        hear(new ClusterMessage.Closed(1, SELF, 3, List.of()));
        run(new Grant(SLOT, 3));
        int told = sent(ClusterMessage.Prepared.class).size();
        now += S;
        member.advance(now, actions::add);
        assertThat(sent(ClusterMessage.Prepared.class)).hasSize(told + 1);

        next(slot(new SlotState.Running(SELF, 3)));
        hearDeltas(3, 4);
        installed(4);
        assertThat(all(MemberAction.Serve.class)).hasSize(1);
        assertThat(all(MemberAction.RunDone.class)).isEmpty();
        hear(new ClusterMessage.Closed(1, SELF, 4, List.of()));
        assertThat(all(MemberAction.RunDone.class)).hasSize(1);
        now += S;
        member.advance(now, actions::add);
        assertThat(sent(ClusterMessage.Prepared.class)).hasSize(told + 1);
    }

    @Test
    void rule12_withoutALease_nothingIsFencedOrLoaded() {
        now += 4_999 * MS;
        member.advance(now, actions::add);
        now += MS;
        next(slot(new SlotState.Offered(SELF, 3, 0)));
        hearDeltas(2, 3);
        installed(3);
        assertThat(member.mayAct(now)).isFalse();
        assertThat(all(MemberAction.Fence.class)).isEmpty();

        member.advance(member.nextWakeNanos(), actions::add);
        answer();

        assertThat(all(MemberAction.Fence.class)).hasSize(1);
    }

    @Test
    void answersOfAStaleProgram_aboutAnOlderGrant_changeNothing() {
        next(slot(new SlotState.Offered(SELF, 3, 0)));
        hearDeltas(2, 3);
        installed(3);
        next(slot(new SlotState.Offered(SELF, 4, 0)));
        hearDeltas(3, 4);
        installed(4);
        int before = actions.size();

        Grant old = new Grant(SLOT, 3);
        on(new MemberEvent.Fenced(old));
        on(new MemberEvent.Loaded(old));
        on(new MemberEvent.LoadFailed(old, "late"));
        on(new MemberEvent.FenceRefused(old, 4));
        on(new MemberEvent.Quiesced(old));
        on(new MemberEvent.Flushed(old));
        on(new MemberEvent.Marked(old));

        assertThat(actions).hasSize(before);
    }
}
