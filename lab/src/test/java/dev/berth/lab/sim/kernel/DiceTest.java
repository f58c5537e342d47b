package dev.berth.lab.sim.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

// A seed must mean the same run on every machine and for ever, so the first draws are written down here.

/** Chance that can be repeated. */
class DiceTest {
    @Test
    void seed_givesTheSameDrawsForEver() {
        Dice dice = new Dice(42);

        assertThat(dice.nextLong()).isEqualTo(-4767286540954276203L);
        assertThat(dice.nextLong()).isEqualTo(2949826092126892291L);
        assertThat(new Dice(42).nextInt(1_000)).isEqualTo(741);
        assertThat(Dice.of(42, "network").nextLong())
                .isEqualTo(Dice.of(42, "network").nextLong());
        assertThat(Dice.of(42, "network").nextLong())
                .isNotEqualTo(Dice.of(42, "store").nextLong());
    }

    @Test
    void boundedDraws_stayInBoundsAndReachThem() {
        Dice dice = new Dice(1);
        boolean[] seen = new boolean[10];
        for (int i = 0; i < 1_000; i++) {
            seen[dice.nextInt(10)] = true;
            assertThat(dice.spread(3, 1_000)).isBetween(3L, 1_000L);
        }

        assertThat(seen).doesNotContain(false);
    }
}
