package dev.berth.core.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

// Timers are set, moved and cancelled at random; a list that is searched from end to end says which must be due.
class TimersTest {
    static final class Bell extends Timers.Timer {
        long due;
        int set;
    }

    @Test
    void random_settingMovingCancelling_comesOutInOrder() {
        SplittableRandom random = new SplittableRandom(11);
        Timers<Bell> timers = new Timers<>();
        List<Bell> expected = new ArrayList<>();
        int order = 0;
        for (int i = 0; i < 20_000; i++) {
            int choice = random.nextInt(10);
            if (choice < 5) {
                Bell bell =
                        choice < 4 || expected.isEmpty() ? new Bell() : expected.get(random.nextInt(expected.size()));
                bell.due = random.nextLong(1_000);
                bell.set = order++;
                timers.set(bell, bell.due);
                expected.remove(bell);
                expected.add(bell);
            } else if (choice < 7 && !expected.isEmpty()) {
                Bell bell = expected.remove(random.nextInt(expected.size()));
                timers.cancel(bell);
                assertThat(bell.isSet()).isFalse();
            } else {
                long now = random.nextLong(1_000);
                Bell first = expected.stream()
                        .min(Comparator.<Bell>comparingLong(b -> b.due).thenComparingInt(b -> b.set))
                        .filter(b -> b.due <= now)
                        .orElse(null);
                assertThat(timers.poll(now)).isSameAs(first);
                expected.remove(first);
            }
            assertThat(timers.size()).isEqualTo(expected.size());
            assertThat(timers.nextNanos())
                    .isEqualTo(expected.stream().mapToLong(b -> b.due).min().orElse(Machine.NEVER));
        }
    }
}
