package dev.berth.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.audit.Invariant;
import dev.berth.lab.mutant.Measure;
import dev.berth.lab.sim.Machines;
import org.junit.jupiter.api.Test;

// Only the checkers that real runs go through are listened to. The member's lease is taken away, and what callers are
// told shows it; with the lease in place the same commands show nothing. (Views: MeasureTest, conditional-writes.)

/** What real runs check finds what it is there for. */
final class OutsideTest {
    @Test
    void memberLeaseTakenAway_showsInAnswers() {
        ScenarioFile file = ScenarioFile.named("outside/member-lease");

        assertThat(file.check(Measure.MEMBER_LEASE.takenFrom(Machines.REAL)).broken())
                .isEqualTo(Invariant.I1);
        assertThat(file.playLeniently(Machines.REAL).broken()).isNull();
    }
}
