package dev.berth.lab.sim.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.audit.Invariant;
import dev.berth.lab.mutant.Measure;
import dev.berth.lab.sim.Machines;
import dev.berth.lab.sim.check.Violation;
import dev.berth.lab.sim.fault.FaultKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

// Whole runs of small clusters: the same seed twice, other seeds, faults left out, and a measure taken away.

/** A seed is a run that can be repeated, and one that can fail. */
class SeedRunTest {
    @Test
    void sameSeed_givesTheSameRun() {
        Result once = new SeedRun(Order.of(11, 8, 3, 2)).run();
        Result again = new SeedRun(Order.of(11, 8, 3, 2).traced(100)).run();

        assertThat(again.digest()).isEqualTo(once.digest());
        assertThat(again.events()).isEqualTo(once.events());
        assertThat(new SeedRun(Order.of(12, 8, 3, 2)).run().digest()).isNotEqualTo(once.digest());
    }

    @Test
    void seed_hasTwentyFaultsOfFiveKinds_andLeavesOutWhatItIsTold() {
        Order order = Order.of(5, 8, 3, 10);

        assertThat(SeedRun.plan(order).faults()).hasSizeGreaterThanOrEqualTo(20);
        assertThat(SeedRun.plan(order).kinds()).hasSizeGreaterThanOrEqualTo(5);
        FaultKind left = SeedRun.plan(order).kinds().iterator().next();
        assertThat(SeedRun.plan(order.without(Set.of(left), Set.of())).kinds()).doesNotContain(left);
    }

    @Test
    void memberLeaseTakenAway_isFoundByI1() {
        Measure lease = Measure.MEMBER_LEASE;
        List<Invariant> broken = new ArrayList<>();
        for (long seed = 1; seed <= 60 && broken.isEmpty(); seed++) {
            Violation violation = new SeedRun(
                            Order.of(seed, 8, 3, 10).with(lease.takenFrom(Machines.REAL), lease.mutes()))
                    .run()
                    .violation();
            if (violation != null) {
                broken.add(violation.invariant());
            }
        }

        assertThat(broken).containsExactly(Invariant.I1);
    }
}
