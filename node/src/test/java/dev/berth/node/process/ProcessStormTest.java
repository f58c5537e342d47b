package dev.berth.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.Address;
import dev.berth.core.cluster.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Many callers, questions within questions, messages, handlers that wait in foreign code. Each process notes when it
// is entered while it is at work, and keeps a count that nothing protects but "one at a time".
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ProcessStormTest {
    private static final int PROCESSES = 40;
    private static final int CALLERS = 16;
    private static final int EACH = 3_000;
    private static final Duration LONG = Duration.ofSeconds(60);

    private final AtomicLong meant = new AtomicLong();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final List<Cell> cells = new ArrayList<>();
    private final List<ProcessRef<Visit>> refs = new ArrayList<>();

    /** @param dice decides what the visited does */
    private record Visit(int dice) implements Asks<Integer> {}

    private final class Cell implements Behavior<Visit> {
        private final int place;
        private boolean inside;
        private long visits;

        Cell(int place) {
            this.place = place;
        }

        @Override
        public Object on(Self<Visit> self, Visit visit) {
            if (inside) {
                faults.add("process " + place + " is entered twice");
            }
            inside = true;
            visits++;
            SplittableRandom dice = new SplittableRandom(visit.dice());
            int what = dice.nextInt(16);
            int further = place + 1 + dice.nextInt(PROCESSES);
            if (further < PROCESSES) {
                // Only upwards, so that nobody waits in a circle.
                if (what < 6) {
                    meant.incrementAndGet();
                    int answer = refs.get(further).call(new Visit(dice.nextInt()), LONG);
                    if (answer != further) {
                        faults.add("process " + further + " answered as " + answer);
                    }
                } else if (what < 10) {
                    meant.incrementAndGet();
                    refs.get(further).send(new Visit(dice.nextInt()));
                }
            }
            if (what == 15) {
                LockSupport.parkNanos(20_000);
            }
            inside = false;
            return place;
        }
    }

    @Test
    void whateverHappensAtOnce_eachRunsOneAtATime_andNothingIsLost() throws Exception {
        try (Processes processes = new Processes(Address.of(new NodeId(4), 1 << 24), 2, () -> true)) {
            for (int i = 0; i < PROCESSES; i++) {
                Cell cell = new Cell(i);
                cells.add(cell);
                refs.add(processes.spawn(_ -> cell));
            }
            CountDownLatch left = new CountDownLatch(CALLERS);
            for (int caller = 0; caller < CALLERS; caller++) {
                SplittableRandom dice = new SplittableRandom(caller);
                Thread.startVirtualThread(() -> {
                    for (int i = 0; i < EACH; i++) {
                        int to = dice.nextInt(PROCESSES);
                        meant.incrementAndGet();
                        if (refs.get(to).call(new Visit(dice.nextInt()), LONG) != to) {
                            faults.add("another's answer");
                        }
                    }
                    left.countDown();
                });
            }
            left.await();
            while (visits() < meant.get()) {
                // What was merely sent may still be on its way; ask everybody, who are behind it in line.
                for (ProcessRef<Visit> ref : refs) {
                    meant.incrementAndGet();
                    ref.call(new Visit(3), LONG);
                }
            }

            assertThat(faults).isEmpty();
            assertThat(visits()).isEqualTo(meant.get());
        }
    }

    private long visits() {
        return cells.stream().mapToLong(cell -> cell.visits).sum();
    }
}
