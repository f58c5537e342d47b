package dev.berth.core.entity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.OperationId;
import dev.berth.core.wire.Bytes;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

// Beside a plain queue of records: whatever is added and taken away, both have the same in the same order.
class AnswerQueueTest {
    private static final long[] CORNERS = {0, 1, -1, 63, 64, -65, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 62};

    private static long number(SplittableRandom random) {
        return random.nextInt(4) == 0 ? CORNERS[random.nextInt(CORNERS.length)] : random.nextLong(-300, 300);
    }

    private static Remembered any(SplittableRandom random) {
        byte[] answer = new byte[random.nextInt(3) == 0 ? random.nextInt(300) : 0];
        random.nextBytes(answer);
        return new Remembered(
                new OperationId(number(random), number(random)), Bytes.wrap(answer), Math.abs(number(random) / 2));
    }

    @Test
    void itHasWhatAPlainQueueHas() {
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            AnswerQueue queue = new AnswerQueue();
            ArrayDeque<Remembered> plain = new ArrayDeque<>();
            for (int i = 0; i < 400; i++) {
                if (random.nextInt(5) < 2 && !plain.isEmpty()) {
                    assertThat(queue.peek()).isEqualTo(plain.poll());
                    queue.poll();
                } else {
                    Remembered one = any(random);
                    queue.add(one);
                    plain.add(one);
                }
                assertThat(queue.size()).isEqualTo(plain.size());
            }
            assertThat(queue.all()).isEqualTo(List.copyOf(plain));
        }
    }

    @Test
    void theNewestAnswerIsFound_andOthersAreNot() {
        AnswerQueue queue = new AnswerQueue();
        queue.add(new Remembered(new OperationId(1, 7), Bytes.utf8("old"), 5));
        queue.add(new Remembered(new OperationId(2, 7), Bytes.utf8("other"), 6));
        queue.add(new Remembered(new OperationId(1, 7), Bytes.utf8("new"), 6));
        queue.add(new Remembered(new OperationId(1, 8), Bytes.EMPTY, 7));

        assertThat(queue.find(new OperationId(1, 7))).isEqualTo(Bytes.utf8("new"));
        assertThat(queue.find(new OperationId(1, 8))).isEqualTo(Bytes.EMPTY);
        assertThat(queue.find(new OperationId(2, 8))).isNull();
    }

    @Test
    void nothing_isNothing() {
        assertThat(new AnswerQueue().peek()).isNull();
        assertThat(new AnswerQueue().all()).isEmpty();
    }
}
