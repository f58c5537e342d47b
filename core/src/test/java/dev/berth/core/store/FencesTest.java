package dev.berth.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.Fences.FenceAnswer;
import dev.berth.core.store.Fences.WriteAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Plan: fences and writes in every order of epochs; a store that fails over to a copy without the last fence; random
// orders in which the accepted writes of a slot must never go back in epoch (I2), and do once a measure is taken
// away.
class FencesTest {
    private static final SlotId SLOT = new SlotId("role", 1);
    private static final Grant OLD = new Grant(SLOT, 3);
    private static final Grant NEW = new Grant(SLOT, 5);

    @Test
    void fenceOfLaterEpoch_fencesEarlierWrites_rule18() {
        Fences fences = new Fences();
        assertThat(fences.fence(OLD)).isEqualTo(FenceAnswer.Taken.TAKEN);
        assertThat(fences.write(OLD)).isEqualTo(WriteAnswer.Accepted.ACCEPTED);
        assertThat(fences.fence(NEW)).isEqualTo(FenceAnswer.Taken.TAKEN);

        assertThat(fences.write(OLD)).isEqualTo(new WriteAnswer.Fenced(5));
        assertThat(fences.fence(OLD)).isEqualTo(new FenceAnswer.Refused(5));
        assertThat(fences.write(NEW)).isEqualTo(WriteAnswer.Accepted.ACCEPTED);
    }

    @Test
    void fenceTakenTwice_isOneEffect() {
        Fences fences = new Fences();
        fences.fence(NEW);
        assertThat(fences.fence(NEW)).isEqualTo(FenceAnswer.Taken.TAKEN);
        assertThat(fences.epoch(SLOT)).isEqualTo(5);
    }

    @Test
    void writeWithoutFence_isMissingIt_rule26() {
        Fences fences = new Fences();
        assertThat(fences.write(NEW)).isEqualTo(new WriteAnswer.FenceMissing(0));
        fences.fence(OLD);
        assertThat(fences.write(NEW)).isEqualTo(new WriteAnswer.FenceMissing(3));
    }

    @Test
    void otherSlot_isNotFenced() {
        Fences fences = new Fences();
        Grant other = new Grant(new SlotId("role", 2), 4);
        fences.fence(NEW);
        fences.fence(other);
        assertThat(fences.write(other)).isEqualTo(WriteAnswer.Accepted.ACCEPTED);
    }

    @Test
    void snapshotRestored_judgesAlike() {
        Fences fences = new Fences();
        fences.fence(NEW);
        Fences copy = Fences.restored(new TreeMap<>(fences.snapshot()));
        assertThat(copy.write(OLD)).isEqualTo(new WriteAnswer.Fenced(5));
        assertThat(copy.write(NEW)).isEqualTo(WriteAnswer.Accepted.ACCEPTED);
    }

    @Test
    void moreSlotsThanAllowed_refused() {
        Fences fences = new Fences(1);
        fences.fence(NEW);
        assertThat(fences.fence(new Grant(new SlotId("role", 2), 5))).isEqualTo(new FenceAnswer.Full(1));
        assertThat(fences.fence(new Grant(SLOT, 6))).isEqualTo(FenceAnswer.Taken.TAKEN);
        assertThatThrownBy(() -> new Fences(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Tag("S2.29")
    void anyOrder_acceptedEpochsNeverGoBack() {
        assertThat(goesBack(new Fences())).isFalse();
    }

    @Test
    void writesUnchecked_goBack() {
        assertThat(goesBack(new Fences() {
                    @Override
                    protected boolean fences(Grant grant, long stored) {
                        return false;
                    }
                }))
                .isTrue();
    }

    @Test
    void missingFenceIgnored_goesBack() {
        assertThat(goesBack(new Fences() {
                    @Override
                    protected boolean misses(Grant grant, long stored) {
                        return false;
                    }
                }))
                .isTrue();
    }

    @Test
    void lowerFenceTaken_goesBack() {
        assertThat(goesBack(new Fences() {
                    @Override
                    protected boolean refuses(Grant grant, long stored) {
                        return false;
                    }
                }))
                .isTrue();
    }

    private static boolean goesBack(Fences fences) {
        SplittableRandom random = new SplittableRandom(42);
        List<Long> accepted = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            // A few epochs are alive at a time, the oldest of them long replaced.
            Grant grant = new Grant(SLOT, 1 + i / 100 + random.nextInt(4));
            if (random.nextInt(10) == 0) {
                fences.fence(grant);
            } else if (fences.write(grant) instanceof WriteAnswer.Accepted) {
                accepted.add(grant.epoch());
            }
        }
        assertThat(accepted).hasSizeGreaterThan(100);
        for (int i = 1; i < accepted.size(); i++) {
            if (accepted.get(i) < accepted.get(i - 1)) {
                return true;
            }
        }
        return false;
    }
}
