package dev.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.berth.core.wire.WireException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

// A frame that breaks off is simply not there yet. A frame whose length is true but whose body breaks off is refused,
// or is a message with its last fields absent: nothing else, and never another exception.

/** Every beginning of every message. */
class TruncationTest {
    private static final int SAMPLES = 5;
    private static final int HEADER = 16;

    @Test
    void everyBeginningOfAFrame_isWaitedFor() throws WireException {
        for (Class<?> type : Travellers.messages()) {
            byte[] frame = Travellers.frame(new Values(new Random(1)).of(type));
            for (int length = 0; length < frame.length; length++) {
                assertThat(Travellers.read(Arrays.copyOf(frame, length))).isEmpty();
            }
        }
    }

    @Test
    void everyBeginningOfABody_isRefused_orLacksItsLastFields() {
        int refused = 0;
        int shorter = 0;
        for (Class<?> type : Travellers.messages()) {
            for (int seed = 0; seed < SAMPLES; seed++) {
                Object message = new Values(new Random(seed)).of(type);
                byte[] frame = Travellers.frame(message);
                for (int length = HEADER; length < frame.length; length++) {
                    if (isRefused(cut(frame, length), type)) {
                        refused++;
                    } else {
                        shorter++;
                    }
                }
            }
        }
        assertThat(refused).isGreaterThan(shorter).isGreaterThan(1_000);
        assertThat(shorter).isGreaterThan(100);
    }

    private static boolean isRefused(byte[] frame, Class<?> type) {
        try {
            assertThat(Travellers.read(frame)).singleElement().isInstanceOf(type);
            return false;
        } catch (WireException e) {
            assertThat(e.path()).startsWith(type.getSimpleName());
            return true;
        } catch (RuntimeException e) {
            return fail(type.getSimpleName() + " cut to " + frame.length + " bytes", e);
        }
    }

    private static byte[] cut(byte[] frame, int length) {
        byte[] cut = Arrays.copyOf(frame, length);
        int announced = length - 4;
        for (int i = 0; i < 4; i++) {
            cut[i] = (byte) (announced >>> (24 - 8 * i));
        }
        return cut;
    }
}
