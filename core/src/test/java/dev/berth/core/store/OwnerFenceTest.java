package dev.berth.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.Fences.FenceAnswer;
import dev.berth.core.store.Fences.WriteAnswer;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

// Plan: an owner and a store that can be replaced by an older copy of itself. The owner may write only behind a fence
// that this very store has taken, and gives the slot up when a later epoch was there.
class OwnerFenceTest {
    private static final SlotId SLOT = new SlotId("role", 1);
    private static final long VIEW = 7;
    private final OwnerFence owner = new OwnerFence(new Grant(SLOT, 5));

    @Test
    void noAnswerYet_mayNotWrite() {
        assertThat(owner.mayWrite()).isFalse();
        owner.assertFence();
        assertThat(owner.mayWrite()).isFalse();
    }

    @Test
    void fenceTaken_mayWrite() {
        owner.answered(owner.assertFence(), FenceAnswer.Taken.TAKEN, VIEW);
        assertThat(owner.mayWrite()).isTrue();
        assertThat(owner.wrote(WriteAnswer.Accepted.ACCEPTED, VIEW)).isEqualTo(new OwnerFence.State.Held());
    }

    @Test
    void storeFailsOver_assertsAgainBeforeItsNextWrite_scenario25() {
        Fences store = new Fences();
        Fences replica = Fences.restored(new TreeMap<>(store.snapshot()));
        owner.answered(owner.assertFence(), store.fence(owner.grant()), VIEW);

        owner.failedOver();
        assertThat(owner.mayWrite()).isFalse();
        owner.answered(owner.assertFence(), replica.fence(owner.grant()), VIEW);
        assertThat(owner.mayWrite()).isTrue();
        assertThat(replica.write(owner.grant())).isEqualTo(WriteAnswer.Accepted.ACCEPTED);
    }

    @Test
    void failOverUnnoticed_firstWriteTells_rule26() {
        Fences replica = new Fences();
        owner.answered(owner.assertFence(), FenceAnswer.Taken.TAKEN, VIEW);
        assertThat(owner.wrote(replica.write(owner.grant()), VIEW)).isEqualTo(new OwnerFence.State.Missing());
        assertThat(owner.mayWrite()).isFalse();
    }

    @Test
    void answerOfTheStoreBeforeTheFailOver_countsForNothing() {
        long before = owner.assertFence();
        owner.failedOver();
        owner.answered(before, FenceAnswer.Taken.TAKEN, VIEW);
        assertThat(owner.mayWrite()).isFalse();

        long after = owner.assertFence();
        owner.answered(before, FenceAnswer.Taken.TAKEN, VIEW);
        assertThat(owner.state()).isEqualTo(new OwnerFence.State.Asserting(after));
    }

    @Test
    void laterOwnerWasThere_givesUpForGood() {
        long attempt = owner.assertFence();
        assertThat(owner.answered(attempt, new FenceAnswer.Refused(6), VIEW))
                .isEqualTo(new OwnerFence.State.Superseded(6));
        assertThat(owner.isLost()).isTrue();
        owner.failedOver();
        assertThat(owner.answered(attempt, FenceAnswer.Taken.TAKEN, VIEW))
                .isEqualTo(new OwnerFence.State.Superseded(6));
        assertThatThrownBy(owner::assertFence)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("role/1@5");
    }

    @Test
    void writeFenced_givesUp() {
        owner.answered(owner.assertFence(), FenceAnswer.Taken.TAKEN, VIEW);
        assertThat(owner.wrote(new WriteAnswer.Fenced(7), VIEW)).isEqualTo(new OwnerFence.State.Superseded(7));
        assertThat(owner.mayWrite()).isFalse();
    }

    @Test
    void coordinatorWiped_refusedByAnEpochBeyondAllViews_isReportedAsSuch_scenario25() {
        assertThat(owner.answered(owner.assertFence(), new FenceAnswer.Refused(900), VIEW))
                .isEqualTo(new OwnerFence.State.BeyondViews(900, VIEW));
        assertThat(owner.isLost()).isTrue();
    }

    @Test
    void storeFull_givesUp() {
        owner.answered(owner.assertFence(), new FenceAnswer.Full(10), VIEW);
        assertThat(owner.state()).isEqualTo(new OwnerFence.State.NoRoom(10));
        assertThat(owner.isLost()).isTrue();
    }

    @Test
    void refusedForALowerEpoch_isABrokenStore() {
        assertThatThrownBy(() -> owner.answered(owner.assertFence(), new FenceAnswer.Refused(5), VIEW))
                .isInstanceOf(IllegalStateException.class);
    }
}
