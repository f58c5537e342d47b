package dev.berth.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.CallException;
import dev.berth.node.demo.Purses;
import dev.berth.node.demo.Purses.Gold;
import dev.berth.node.demo.Purses.Purse;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entities;
import dev.berth.node.launch.Profile;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * People add gold to their purses and pay each other, while owners, masters and the store are killed, stopped and drained as
 * processes. Gold is neither lost nor made: at the end each purse was added to as often as its owner was told, and all purses
 * together have what was added. A seed that fails is repeated by -Dberth.chaos.seed; its history is where the message says.
 */
@Timeout(value = 12, unit = TimeUnit.MINUTES)
class EntityChaosTest {
    private static final int BUCKETS = 8;
    private static final int PEOPLE = 24;
    private static final int WORKERS = 3;
    private static final long SECONDS = Boolean.getBoolean("berth.soak") ? 300 : 20;

    private final long seed = Long.getLong("berth.chaos.seed", System.nanoTime() & 0xFFFF);
    private final SplittableRandom random = new SplittableRandom(seed);
    private final ConcurrentLinkedQueue<String> history = new ConcurrentLinkedQueue<>();
    private final Entities entities = PursesApp.entities();
    private final long start = System.nanoTime();
    private volatile boolean over;

    private void note(String what) {
        history.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms: " + what);
    }

    /** Somebody with a purse. */
    private final class Person implements Runnable {
        private final long number;
        private final Node node;
        private final SplittableRandom dice;
        private long told;
        private long unknown;
        private long payments;
        private long refusals;

        Person(long number, Node node, SplittableRandom dice) {
            this.number = number;
            this.node = node;
            this.dice = dice;
        }

        Purse purse() {
            return entities.agent(node, Purse.class, number);
        }

        @Override
        public void run() {
            while (!over) {
                try {
                    if (dice.nextInt(3) > 0) {
                        long now = purse().add(1);
                        told++;
                        if (now != told + unknown && unknown == 0) {
                            note("person " + number + " was told " + now + " instead of " + told);
                        }
                    } else {
                        purse().pay(dice.nextInt(PEOPLE), 1 + dice.nextInt(3));
                        payments++;
                    }
                } catch (Denied poor) {
                    refusals++;
                } catch (CallException lost) {
                    unknown++;
                    note("person " + number + ": " + lost.getMessage());
                }
            }
        }
    }

    @Test
    @Tag("S2.28")
    @Tag("S2.6")
    @Tag("S2.8")
    void goldIsNeitherLostNorMade_whateverDies() throws Exception {
        HarborPlan plan = HarborPlan.of(PursesApp.class)
                .withService(
                        "{ capacity = " + WORKERS + ", buckets = " + BUCKETS + " }", "{ slots = 2, standby = true }")
                .withWorkers(WORKERS, List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"))
                .withMasters(2)
                .withTimings(Profile.FAST);
        try (Harbor harbor = Harbor.launch(plan, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
                Node node = Node.start(harbor.caller().withTimings(Profile.FAST.timings()))) {
            harbor.awaitWhole(BUCKETS);
            List<Person> people = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < PEOPLE; i++) {
                people.add(new Person(i, node, random.split()));
                threads.add(Thread.ofVirtual().start(people.getLast()));
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (System.nanoTime() < end) {
                disturb(harbor);
                harbor.awaitWhole(BUCKETS);
            }
            over = true;
            for (Thread thread : threads) {
                thread.join();
            }
            note(people.stream().mapToLong(person -> person.told).sum() + " additions, "
                    + people.stream().mapToLong(person -> person.payments).sum() + " payments, "
                    + people.stream().mapToLong(person -> person.refusals).sum() + " without enough gold");
            List<String> wrong = count(harbor, people);
            if (!wrong.isEmpty()) {
                Path kept = Files.write(Files.createTempFile("chaos-" + seed + "-", ".txt"), history);
                throw new AssertionError(
                        "seed " + seed + ", history in " + kept + ", logs in " + harbor.dir() + ": " + wrong);
            }
            harbor.hasServed();
        }
    }

    private void disturb(Harbor harbor) throws IOException, InterruptedException {
        String victim = harbor.owner(1 + random.nextInt(BUCKETS));
        switch (random.nextInt(8)) {
            case 0, 1 -> kill(harbor, victim);
            case 2 -> {
                long pid = harbor.pid(victim);
                whileStopped(
                        harbor, victim, () -> harbor.await("its slots are elsewhere", () -> !owns(harbor, victim)));
                harbor.awaitRestart(victim, pid);
            }
            case 3 -> kill(harbor, "store");
            case 4 -> kill(harbor, harbor.leader());
            case 5 -> whileStopped(harbor, "store", () -> kill(harbor, victim));
            case 6 -> {
                String leader = harbor.leader();
                whileStopped(harbor, leader, () -> harbor.await("another leads", () -> leadsOther(harbor, leader)));
            }
            default -> {
                note("drain " + victim);
                harbor.drain(victim, true);
                harbor.await("its slots are elsewhere", () -> !owns(harbor, victim));
                harbor.drain(victim, false);
            }
        }
    }

    private interface Meanwhile {
        void run() throws IOException, InterruptedException;
    }

    private void whileStopped(Harbor harbor, String victim, Meanwhile meanwhile)
            throws IOException, InterruptedException {
        note("stop " + victim);
        long pid = harbor.pid(victim);
        Harbor.signal("STOP", pid);
        try {
            meanwhile.run();
        } finally {
            Harbor.signal("CONT", pid);
        }
        note("continue " + victim);
    }

    private static boolean leadsOther(Harbor harbor, String former) throws InterruptedException {
        try {
            return !harbor.leader().equals(former);
        } catch (IOException nobody) {
            return false;
        }
    }

    private void kill(Harbor harbor, String victim) throws IOException, InterruptedException {
        note("kill " + victim);
        long pid = harbor.pid(victim);
        Harbor.signal("KILL", pid);
        harbor.awaitRestart(victim, pid);
    }

    private static boolean owns(Harbor harbor, String node) throws IOException, InterruptedException {
        for (int bucket = 1; bucket <= BUCKETS; bucket++) {
            try {
                if (harbor.owner(bucket).equals(node)) {
                    return true;
                }
            } catch (IOException nobody) {
                return true;
            }
        }
        return false;
    }

    private List<String> count(Harbor harbor, List<Person> people) throws IOException, InterruptedException {
        harbor.await("everything has arrived", () -> {
            List<Gold> all =
                    people.stream().map(person -> person.purse().count()).toList();
            return Purses.isAtRest(all);
        });
        List<String> wrong = new ArrayList<>();
        long gold = 0;
        long added = 0;
        for (Person person : people) {
            Gold now = person.purse().count();
            note("person " + person.number + " has " + now);
            gold += now.gold();
            added += now.added();
            if (now.added() < person.told || now.added() > person.told + person.unknown) {
                wrong.add("person " + person.number + " was told of " + person.told + " additions (" + person.unknown
                        + " unknown), there are " + now.added());
            }
        }
        if (gold != added) {
            wrong.add(added + " gold was added, and there is " + gold);
        }
        assertThat(added).isPositive();
        return wrong;
    }
}
