package dev.berth.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.berth.core.wire.WireException.Kind;
import org.junit.jupiter.api.Test;

// All pairs of ranges within 1..6 against the plain definition: is there a common number, and which is the highest.

/** Two sides agree on the highest version that both speak, and are refused only when there is none. */
class VersionsTest {
    private static final int MAX = 6;

    @Test
    void everyPairOfRanges_agreesOnTheHighestCommonVersion() throws WireException {
        for (int minA = 1; minA <= MAX; minA++) {
            for (int maxA = minA; maxA <= MAX; maxA++) {
                for (int minB = 1; minB <= MAX; minB++) {
                    for (int maxB = minB; maxB <= MAX; maxB++) {
                        check(new Versions(minA, maxA), new Versions(minB, maxB));
                    }
                }
            }
        }
    }

    private static void check(Versions a, Versions b) throws WireException {
        int highest = 0;
        for (int version = 1; version <= MAX; version++) {
            if (a.contains(version) && b.contains(version)) {
                highest = version;
            }
        }
        if (highest > 0) {
            assertThat(a.common(b)).isEqualTo(highest);
            assertThat(b.common(a)).isEqualTo(highest);
        } else {
            assertThat(catchThrowableOfType(WireException.class, () -> a.common(b))
                            .kind())
                    .isEqualTo(Kind.WRONG_VERSION);
        }
    }

    @Test
    void refusal_namesBothRanges() {
        assertThatThrownBy(() -> new Versions(4, 5).common(new Versions(1, 3)))
                .hasMessage("we speak versions 4..5, the other side 1..3; upgrade the older one step by step");
    }

    @Test
    void rangeFromOutsideThatIsNone_isRefused() {
        assertThatThrownBy(() -> Versions.of(3, 2))
                .isInstanceOf(WireException.class)
                .hasMessage("versions are a range within 1..255, got 3..2");
        assertThatThrownBy(() -> Versions.of(0, 2)).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> Versions.of(1, 256)).isInstanceOf(WireException.class);
    }
}
