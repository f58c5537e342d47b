package dev.berth.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import org.junit.jupiter.api.Test;

/** What is known without a slow hash, and for how long, by hand on a clock of its own. */
class QuickHashesTest {
    private static final Bytes SESAME = Bytes.utf8("sesame");

    private final QuickHashes hashes = new QuickHashes();

    @Test
    void rightPassword_isKnownForTenMinutes_andNoOther() {
        hashes.add(5, "ada", "h1", SESAME);

        assertThat(hashes.isRight(6, "ada", "h1", SESAME)).isTrue();
        assertThat(hashes.isRight(6, "ada", "h1", Bytes.utf8("sesam"))).isFalse();
        assertThat(hashes.isRight(6, "ada", "h2", SESAME)).isFalse();
        assertThat(hashes.isRight(6, "bob", "h1", SESAME)).isFalse();
        assertThat(hashes.isRight(4 + QuickHashes.FRESH_NANOS, "ada", "h1", SESAME))
                .isTrue();
        assertThat(hashes.isRight(5 + QuickHashes.FRESH_NANOS, "ada", "h1", SESAME))
                .isFalse();
    }

    @Test
    void ofTooMany_theOldestIsForgotten() {
        for (int i = 0; i <= QuickHashes.ACCOUNTS_MAX; i++) {
            hashes.add(i, "user-" + i, "h", SESAME);
        }
        assertThat(hashes.isRight(0, "user-0", "h", SESAME)).isFalse();
        assertThat(hashes.isRight(0, "user-1", "h", SESAME)).isTrue();
        hashes.drop("user-1");
        assertThat(hashes.isRight(0, "user-1", "h", SESAME)).isFalse();
    }
}
