package dev.berth.lab.sim.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

// Clocks are read at chosen instants of true time. The inverse is tried at many readings: an alarm may be early by
// nothing and late by nothing.

/** What machines read when time is not what it should be. */
class LocalClockTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void fastClock_showsMore_andItsInstantsAreTheEarliest() {
        LocalClock clock = new LocalClock(5 * SECOND, 1_100_000, 0);
        Dice dice = new Dice(3);

        assertThat(clock.monotonic(10 * SECOND)).isEqualTo(16 * SECOND);
        for (int i = 0; i < 1_000; i++) {
            long reading = 5 * SECOND + dice.nextLong(100 * SECOND);
            long instant = clock.instantOf(reading, 0);
            assertThat(clock.monotonic(instant)).isGreaterThanOrEqualTo(reading);
            assertThat(clock.monotonic(instant - 1)).isLessThan(reading);
        }
    }

    @Test
    void suspendedMachine_losesMonotonicTime_andKeepsUptimeAndWall() {
        LocalClock clock = new LocalClock(0, 1_000_000, 100 * SECOND);
        clock.freeze(10 * SECOND, false);

        assertThat(clock.monotonic(20 * SECOND)).isEqualTo(10 * SECOND);
        clock.thaw(20 * SECOND);
        assertThat(clock.monotonic(21 * SECOND)).isEqualTo(11 * SECOND);
        assertThat(clock.uptime(21 * SECOND)).isEqualTo(21 * SECOND);
        assertThat(clock.wall(21 * SECOND)).isEqualTo(121 * SECOND);
    }

    @Test
    void frozenMachine_losesTimeFromAllClocks() {
        LocalClock clock = new LocalClock(0, 1_000_000, 0);
        clock.freeze(10 * SECOND, true);
        clock.thaw(20 * SECOND);

        assertThat(clock.monotonic(21 * SECOND)).isEqualTo(11 * SECOND);
        assertThat(clock.uptime(21 * SECOND)).isEqualTo(11 * SECOND);
        assertThat(clock.wall(21 * SECOND)).isEqualTo(11 * SECOND);
    }

    @Test
    void changedRate_neverMakesTheClockGoBack() {
        LocalClock clock = new LocalClock(0, 1_000_000, 0);
        Dice dice = new Dice(9);
        long last = 0;
        for (long now = 0; now < 100 * SECOND; now += 1 + dice.nextLong(SECOND)) {
            clock.setRate(now, 900_000 + dice.nextInt(200_000));
            assertThat(clock.monotonic(now)).isGreaterThanOrEqualTo(last);
            last = clock.monotonic(now);
        }
    }
}
