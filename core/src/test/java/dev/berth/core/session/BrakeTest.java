package dev.berth.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Tries on a clock by hand: so many at once, then one in a while, and those that were right cost nothing. */
class BrakeTest {
    private final Brake brake = new Brake(3, 10, 2);

    private long take(long now, String key) {
        return brake.takeNanos(now, key);
    }

    @Test
    void triesAtOnce_areBounded_andComeBackOneByOne() {
        for (int i = 0; i < 3; i++) {
            assertThat(take(100, "ada")).isZero();
        }
        assertThat(take(100, "ada")).isEqualTo(10);
        assertThat(take(109, "ada")).isEqualTo(1);
        assertThat(take(110, "ada")).isZero();
        assertThat(take(110, "ada")).isEqualTo(10);
        assertThat(take(110, "bob")).isZero();
        assertThat(brake.waitNanos(1_000, "ada")).isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(take(1_000, "ada")).isZero();
        }
        assertThat(take(1_000, "ada")).isEqualTo(10);
    }

    @Test
    void whatWasRight_isGivenBack() {
        for (int i = 0; i < 10; i++) {
            assertThat(take(100, "ada")).isZero();
            brake.giveBack("ada");
        }
        brake.giveBack("nobody");
        assertThat(take(100, "ada")).isZero();
    }

    @Test
    void ofTooManyKeys_whoTriedLongestAgoIsForgotten() {
        for (int i = 0; i < 3; i++) {
            take(100, "ada");
        }
        take(100, "bob");
        take(110, "ada");
        take(110, "cid");
        assertThat(brake.waitNanos(110, "ada")).isEqualTo(10);
        take(110, "dan");
        take(110, "eve");
        assertThat(brake.waitNanos(110, "ada")).isZero();
    }

    @Test
    void boundsThatAreNone_areABug() {
        assertThatThrownBy(() -> new Brake(0, 1, 1)).hasMessageContaining("positive bounds, got burst=0");
    }
}
