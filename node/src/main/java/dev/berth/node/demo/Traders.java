package dev.berth.node.demo;

import dev.berth.core.call.CallException;
import dev.berth.node.demo.Purses.Gold;
import dev.berth.node.demo.Purses.Purse;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entities;
import dev.berth.node.worker.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

// Each person alone adds to his own purse, and so knows what must be in it; who pays whom is drawn. A call whose
// end nobody knows may have been made, which is neither lost nor made.

/** People who add gold to their purses and pay each other all the time. Any thread. */
final class Traders {
    private static final int PEOPLE = 8;
    private static final long PACE_MILLIS = 15;
    private static final long ARRIVAL_SECONDS = 60;
    private static final long LOOK_MILLIS = 200;

    private final Entities purses = Purses.of(DemoWorker.PURSES);
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong paid = new AtomicLong();
    private final List<Person> people = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    /** What has become of the gold. */
    record Count(long done, long lost, long made) {}

    /** Somebody with a purse. */
    private final class Person implements Runnable {
        private final Purse mine;
        private final SplittableRandom dice = new SplittableRandom();
        private long told;
        private long unknown;

        Person(Purse mine) {
            this.mine = mine;
        }

        @Override
        public void run() {
            try {
                while (!over) {
                    trade();
                    Thread.sleep(PACE_MILLIS);
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }

        private void trade() {
            boolean adds = dice.nextInt(2) == 0;
            try {
                if (adds) {
                    mine.add(1);
                    told++;
                } else {
                    long gold = 1L + dice.nextInt(3);
                    mine.pay(dice.nextInt(PEOPLE), gold);
                    paid.addAndGet(gold);
                }
                done.incrementAndGet();
            } catch (Denied poor) {
                done.incrementAndGet();
            } catch (CallException lost) {
                unknown += adds ? 1 : 0;
            }
        }
    }

    void start(Node node) {
        for (long i = 0; i < PEOPLE; i++) {
            Person person = new Person(purses.agent(node, Purse.class, i));
            people.add(person);
            threads.add(Thread.ofVirtual().name("trader-" + i).start(person));
        }
    }

    /** For people who watch. */
    String picture() {
        return "%,d calls of entities are done, %,d gold has gone between %d purses"
                .formatted(done.get(), paid.get(), PEOPLE);
    }

    void stop() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Counts the gold when all of it has arrived, or never will. */
    Count count() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ARRIVAL_SECONDS);
        List<Gold> all = look();
        while (!Purses.isAtRest(all) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            all = look();
        }
        long lost = 0;
        long made = 0;
        for (int i = 0; i < all.size(); i++) {
            Person person = people.get(i);
            lost += Math.max(0, person.told - all.get(i).added());
            made += Math.max(0, all.get(i).added() - person.told - person.unknown);
        }
        long more = all.stream().mapToLong(Gold::gold).sum()
                - all.stream().mapToLong(Gold::added).sum();
        return new Count(done.get(), lost + Math.max(0, -more), made + Math.max(0, more));
    }

    private List<Gold> look() {
        return people.stream().map(person -> person.mine.count()).toList();
    }
}
