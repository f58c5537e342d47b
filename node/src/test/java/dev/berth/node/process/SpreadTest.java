package dev.berth.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Quantiles of known figures, right to a fifth, and forgotten after two windows. */
class SpreadTest {
    private static final long MILLI = 1_000_000;
    private static final long MINUTE = 60_000_000_000L;

    @Test
    void quantiles_areRightToAFifth() {
        Spread spread = new Spread();
        assertThat(spread.quantile(0.5)).isZero();
        long now = System.nanoTime();
        for (int i = 1; i <= 1_000; i++) {
            spread.add(now, i * MILLI);
        }
        assertThat(spread.quantile(0.5)).isCloseTo(0.5, Percentage.withPercentage(20));
        assertThat(spread.quantile(0.99)).isCloseTo(0.99, Percentage.withPercentage(20));
        assertThat(spread.quantile(0)).isPositive();
    }

    @Test
    void whatIsOld_isForgotten() {
        Spread spread = new Spread();
        long now = System.nanoTime();
        spread.add(now, 1_000 * MILLI);
        spread.add(now + 2 * MINUTE, MILLI);
        assertThat(spread.quantile(0.99)).isCloseTo(1, Percentage.withPercentage(20));
        spread.add(now + 4 * MINUTE, MILLI);
        assertThat(spread.quantile(0.99)).isCloseTo(0.001, Percentage.withPercentage(20));
    }
}
