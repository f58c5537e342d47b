package dev.berth.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.Outcome;
import dev.berth.core.wire.Bytes;
import org.junit.jupiter.api.Test;

// A rehearsal is worth something only if it comes to its end: the slot has answered a call.
final class RehearsalTest {
    @Test
    void rehearsal_endsWithAnAnsweredCall_asOftenAsItIsPlayed() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(new Rehearsal().play()).isEqualTo(new Outcome.Done<>(Bytes.utf8("rehearsal")));
        }
    }
}
