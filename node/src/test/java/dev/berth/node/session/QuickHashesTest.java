package dev.berth.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import org.junit.jupiter.api.Test;

/** What is known without a slow hash, and for how long, by hand on a clock of its own. */
class QuickHashesTest {
    private static final Bytes SESAME = Bytes.utf8("sesame");

    private final QuickHashes hashes = new QuickHashes(new byte[32]);

    private boolean isRight(long now, String hash, Bytes password) {
        return hashes.isRight(now, hashes.mac(hash, password));
    }

    @Test
    void rightPassword_isKnownForTenMinutes_andNoOther() {
        hashes.add(5, hashes.mac("h1", SESAME));

        assertThat(isRight(6, "h1", SESAME)).isTrue();
        assertThat(isRight(6, "h1", Bytes.utf8("sesam"))).isFalse();
        assertThat(isRight(6, "h2", SESAME)).isFalse();
        assertThat(isRight(6, "h", Bytes.utf8("1sesame"))).isFalse();
        assertThat(isRight(4 + QuickHashes.FRESH_NANOS, "h1", SESAME)).isTrue();
        assertThat(isRight(5 + QuickHashes.FRESH_NANOS, "h1", SESAME)).isFalse();
    }

    @Test
    void anotherKey_saysNothingHere() {
        byte[] other = new byte[32];
        other[0] = 1;

        assertThat(new QuickHashes(other).mac("h1", SESAME)).isNotEqualTo(hashes.mac("h1", SESAME));
    }

    @Test
    void ofTooMany_theOldestIsForgotten() {
        for (int i = 0; i <= QuickHashes.RIGHTS_MAX; i++) {
            hashes.add(i, hashes.mac("h" + i, SESAME));
        }

        assertThat(isRight(0, "h0", SESAME)).isFalse();
        assertThat(isRight(0, "h1", SESAME)).isTrue();
    }
}
