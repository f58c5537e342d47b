package dev.berth.node.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.node.link.Loops;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Threads leave numbered errands at a real loop, some of which throw: all are done, each thread's in its order, and
// what was thrown is heard.
@Timeout(60)
class InboxTest {
    private static final int THREADS = 8;
    private static final int EACH = 20_000;

    @Test
    void everyErrandIsDone_inTheOrderOfItsThread() throws InterruptedException {
        List<List<Integer>> done = new ArrayList<>();
        AtomicInteger heard = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(THREADS * EACH);
        try (Loops loops = Loops.start(1)) {
            AtomicReference<Inbox> made = new AtomicReference<>();
            Inbox inbox = new Inbox(loops.next(), () -> made.get().runAll(), _ -> heard.incrementAndGet());
            made.set(inbox);
            for (int thread = 0; thread < THREADS; thread++) {
                List<Integer> mine = new ArrayList<>();
                done.add(mine);
                Thread.ofVirtual().start(() -> leave(inbox, mine, left));
            }
            left.await();
        }
        for (List<Integer> each : done) {
            assertThat(each).hasSize(EACH).isSorted();
        }
        assertThat(heard).hasValue(THREADS * EACH / 100);
    }

    private static void leave(Inbox inbox, List<Integer> done, CountDownLatch left) {
        for (int i = 0; i < EACH; i++) {
            int number = i;
            inbox.add(new Inbox.Errand() {
                @Override
                void run() {
                    done.add(number);
                    left.countDown();
                    if (number % 100 == 99) {
                        throw new IllegalStateException("as asked");
                    }
                }
            });
        }
    }

    @Test
    void loopHasEnded_errandsHearThatItIsTooLate() {
        Loops loops = Loops.start(1);
        Inbox inbox = new Inbox(loops.next(), () -> {}, _ -> {});
        loops.close();
        List<String> heard = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            inbox.add(new Inbox.Errand() {
                @Override
                void run() {
                    heard.add("run");
                }

                @Override
                void tooLate() {
                    heard.add("too late");
                }
            });
        }

        assertThat(heard).containsExactly("too late", "too late");
    }

    @Test
    void moreThanMayWait_isNotTaken() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        try (Loops loops = Loops.start(1)) {
            loops.next().execute(() -> awaitQuietly(gate));
            AtomicInteger done = new AtomicInteger();
            AtomicReference<Inbox> made = new AtomicReference<>();
            Inbox inbox = new Inbox(loops.next(), () -> made.get().runAll(), _ -> {});
            made.set(inbox);
            CountDownLatch all = new CountDownLatch(3);
            for (int i = 0; i < 5; i++) {
                boolean taken = inbox.offer(
                        new Inbox.Errand() {
                            @Override
                            void run() {
                                done.incrementAndGet();
                                all.countDown();
                            }
                        },
                        3);
                assertThat(taken).isEqualTo(i < 3);
            }
            gate.countDown();
            all.await();
            assertThat(done).hasValue(3);
        }
    }

    private static void awaitQuietly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
