package dev.berth.core.cluster;

import static dev.berth.core.cluster.Quay.MS;
import static dev.berth.core.cluster.Quay.S;
import static dev.berth.core.cluster.Quay.life;
import static dev.berth.core.cluster.Quay.slot;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// One member owns all four slots of a rebalanced service; a second one comes, and slots are drained to it. Then source,
// target or application fail at each step.
class DrainTest {
    private final Quay quay = new Quay(1, new ServicePlan("role", 4, 0, true));
    private final Moored<MasterEvent, MasterAction> master = quay.elect("m0");
    private final Moored<MemberEvent, MemberAction> source = quay.start("w0", new Offer("role", 4, false));

    /** Slots 3 and 4 go to the newcomer, who has room for just those two. */
    private Moored<MemberEvent, MemberAction> newcomer() {
        quay.await("the source owns all", 3 * S, () -> quay.serves(source, 4));
        quay.run(2 * S);
        return quay.start("w1", new Offer("role", 2, false));
    }

    private boolean drains() {
        return quay.state(3) instanceof SlotState.Draining && quay.state(4) instanceof SlotState.Draining;
    }

    @Test
    @Tag("S2.5")
    void rule19_drainedSlot_isFinishedFlushedAndMarked_beforeTheTargetServes() {
        var target = newcomer();
        quay.await("the target serves", 3 * S, () -> quay.serves(target, 3) && quay.serves(target, 4));
        quay.run(2 * S);

        Grant old = source.all(MemberAction.Serve.class).get(2).grant();
        assertThat(old.slot()).isEqualTo(slot(3));
        assertThat(source.actions)
                .containsSubsequence(
                        new MemberAction.Quiesce(old), new MemberAction.Flush(old), new MemberAction.Mark(old));
        Grant moved = new Grant(slot(3), quay.state(3).epoch());
        assertThat(moved.epoch()).isGreaterThan(old.epoch());
        assertThat(target.actions)
                .containsSubsequence(
                        new MemberAction.Preload(old),
                        new MemberAction.Fence(moved),
                        new MemberAction.Load(moved, 4),
                        new MemberAction.Serve(moved),
                        new MemberAction.RunDone(moved));
        assertThat(quay.fences).containsEntry(slot(3), moved.epoch());
        assertThat(quay.serves(source, 1) && quay.serves(source, 2)).isTrue();
    }

    @Test
    void rule19_handlersThatDoNotEnd_endTheDrainAtItsDeadline_underANewEpochThatIsLoadedAgain() {
        quay.withheld = action -> action instanceof MemberAction.Quiesce quiesce
                && quiesce.grant().slot().equals(slot(3));
        var target = newcomer();
        quay.await("slot 4 is handed over", 3 * S, () -> quay.serves(target, 4));
        Grant old = new Grant(slot(3), quay.state(3).epoch());
        quay.run(29 * S);
        assertThat(quay.serves(source, 3) || quay.serves(target, 3)).isFalse();

        quay.await("slot 3 serves again", 3 * S, () -> quay.serves(source, 3) || quay.serves(target, 3));

        assertThat(quay.sent(ClusterMessage.DrainAbandoned.class, source)).isNotEmpty();
        assertThat(source.actions).contains(new MemberAction.Drop(old, "the view renews the grant"));
        assertThat(quay.fences.get(slot(3))).isGreaterThan(old.epoch());
    }

    @Test
    void rule21_targetDies_theSourceGoesOnUnderANewEpoch() {
        quay.withheld = action -> action instanceof MemberAction.Mark;
        var target = newcomer();
        quay.await("drains begin", 3 * S, this::drains);
        long old = quay.state(3).epoch();
        quay.await("the source stops", S, () -> !quay.serves(source, 3) && !quay.serves(source, 4));
        target.kill();

        quay.await("the source serves again", 12 * S, () -> quay.serves(source, 3) && quay.serves(source, 4));
        assertThat(quay.state(3).epoch()).isGreaterThan(old);
    }

    @Test
    void rule21_sourceDies_theTargetIsOfferedWhatItHasPreloaded() {
        quay.withheld = action -> action instanceof MemberAction.Mark;
        var target = newcomer();
        quay.await("drains begin", 3 * S, this::drains);
        source.kill();

        quay.await("the target serves", 15 * S, () -> quay.serves(target, 3) && quay.serves(target, 4));
        assertThat(quay.ledger.now().lists(life(source))).isFalse();
    }

    @Test
    void rule21_sourceStops_theTargetIsOfferedWhatItHasPreloaded() {
        quay.withheld = action -> action instanceof MemberAction.Mark;
        var target = newcomer();
        quay.await("drains begin", 3 * S, this::drains);
        quay.run(2 * S);

        source.tell(quay.now, new MemberEvent.Stop("maintenance"));

        quay.await("the target serves", S, () -> quay.serves(target, 3) && quay.serves(target, 4));
    }

    @Test
    void rule20_targetThatCannotLoad_givesTheSlotUp_andItRunsAgain() {
        quay.withheld = action -> action instanceof MemberAction.Load load
                && load.grant().slot().equals(slot(3))
                && load.grant().epoch() > 3;
        var target = newcomer();
        quay.await("the target loads", 3 * S, () -> !loads(target).isEmpty());
        Grant handedOver = loads(target).getFirst();
        quay.withheld = _ -> false;

        target.tell(quay.now, new MemberEvent.LoadFailed(handedOver, "no such file"));

        quay.await("it runs again", 3 * S, () -> quay.serves(source, 3) || quay.serves(target, 3));
        assertThat(quay.state(3).epoch()).isGreaterThan(handedOver.epoch());
    }

    private static List<Grant> loads(Moored<MemberEvent, MemberAction> node) {
        return node.all(MemberAction.Load.class).stream()
                .map(MemberAction.Load::grant)
                .filter(grant -> grant.slot().equals(slot(3)))
                .toList();
    }

    @Test
    void drainUnderAChangeOfMaster_goesOn() {
        quay.withheld = action -> action instanceof MemberAction.Mark;
        var target = newcomer();
        quay.await("drains begin", 3 * S, this::drains);
        quay.run(100 * MS);
        master.kill();

        quay.elect("m0");
        quay.run(2 * S);
        source.all(MemberAction.Mark.class)
                .forEach(mark -> source.tell(quay.now, new MemberEvent.Marked(mark.grant())));

        quay.await("the target serves", 3 * S, () -> quay.serves(target, 3) && quay.serves(target, 4));
    }

    /** Three members with a slot each and room for more; the second one is frozen, and the first is to be empty. */
    private static final class Three {
        final Quay quay = new Quay(1, new ServicePlan("role", 3, 0, true));
        final Moored<MemberEvent, MemberAction> leaving;
        final Moored<MemberEvent, MemberAction> frozen;
        final Moored<MemberEvent, MemberAction> lively;

        Three(int roomOfTheLively) {
            quay.elect("m0");
            leaving = quay.start("w0", new Offer("role", 3, false));
            frozen = quay.start("w1", new Offer("role", 3, false));
            lively = quay.start("w2", new Offer("role", roomOfTheLively, false));
            quay.await(
                    "each has one",
                    5 * S,
                    () -> quay.serves(leaving, 1) && quay.serves(frozen, 2) && quay.serves(lively, 3));
            quay.run(2 * S);
            frozen.pause();
            quay.run(2 * quay.timings.beatNanos() + 100 * MS);
            ClusterMessage.Propose drain = new ClusterMessage.Propose(
                    new Nonce(1, 1),
                    Incarnation.NONE,
                    new Proposal.DrainNode(life(leaving).node(), true),
                    "eva");
            quay.say(lively, "m0", drain);
        }
    }

    @Test
    void rule19_targetThatFrozeAMomentAgo_isNotChosen_whileAnotherHasRoom() {
        Three three = new Three(3);

        three.quay.await("the other has it", S, () -> three.quay.serves(three.lively, 1));
    }

    @Test
    void rule19_onlyTargetFrozeAMomentAgo_theSourceServesOn_untilItIsHeardAgain() {
        Three three = new Three(1);
        three.quay.run(S);
        assertThat(three.quay.serves(three.leaving, 1)).isTrue();

        three.frozen.resume(three.quay.now);

        three.quay.await("the target has it", 2 * S, () -> three.quay.serves(three.frozen, 1));
    }
}
