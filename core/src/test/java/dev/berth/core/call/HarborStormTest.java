package dev.berth.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.Flotilla.Rig;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.machine.Backoff;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

// Seeded storms: callers call and send while slots are drained to and fro, nodes are suspended, killed and replaced,
// and connections break. The logbook sees everything on all nodes at once and knows what must not be.
class HarborStormTest {
    enum Weather {
        DRAINS_ONLY,
        FAULTS
    }

    static Logbook storm(Rig rig, long seed, Weather weather) {
        Logbook log = stormy(rig, seed, weather).log;
        log.atTheEnd();
        return log;
    }

    private static Flotilla stormy(Rig rig, long seed, Weather weather) {
        Flotilla sea = new Flotilla(rig, seed);
        sea.chatter = 0.3;
        sea.log.faultless = weather == Weather.DRAINS_ONLY;
        for (int node = 1; node <= 6; node++) {
            sea.join(node);
        }
        for (int slot = 1; slot <= 4; slot++) {
            sea.run(slot, some(sea));
        }
        for (int i = 0; i < 300; i++) {
            long at = sea.random.nextLong(1_000 * Flotilla.MILLI);
            sea.in(at, () -> burst(sea));
        }
        for (int i = 0; i < 25; i++) {
            long at = sea.random.nextLong(1_000 * Flotilla.MILLI);
            sea.in(at, () -> trouble(sea, weather));
        }
        sea.runUntil(1_000 * Flotilla.MILLI);
        sea.vessels.values().forEach(Vessel::resume);
        sea.runFor(2_000 * Flotilla.MILLI);
        return sea;
    }

    private static List<Vessel> living(Flotilla sea) {
        return sea.vessels.values().stream()
                .filter(v -> v.mayAct() && sea.durable().lists(v.self))
                .toList();
    }

    private static Vessel some(Flotilla sea) {
        List<Vessel> living = living(sea);
        return living.get(sea.random.nextInt(living.size()));
    }

    private static void burst(Flotilla sea) {
        Vessel vessel = some(sea);
        long caller = sea.random.nextLong(1, 4);
        int slot = sea.random.nextInt(1, 5);
        for (int i = sea.random.nextInt(1, 5); i > 0; i--) {
            long deadline = sea.now + sea.random.nextLong(5, 400) * Flotilla.MILLI;
            Request request = Request.toSlot(caller, Flotilla.slot(slot), deadline, sea.log.nextBody());
            int kind = sea.random.nextInt(4);
            if (kind == 0) {
                request = request.asOneWay();
            } else if (kind == 1) {
                request = request.withOperation(new OperationId(caller, sea.log.entries.size()));
            }
            vessel.submit(request);
        }
    }

    private static void trouble(Flotilla sea, Weather weather) {
        switch (weather == Weather.DRAINS_ONLY ? 0 : sea.random.nextInt(5)) {
            case 0, 1 -> drain(sea);
            case 2 ->
                some(sea).ends.stream()
                        .skip(1)
                        .filter(end -> end.open && end.other != null)
                        .findFirst()
                        .ifPresent(Vessel::reset);
            case 3 -> suspend(sea, 200);
            default -> lose(sea);
        }
    }

    private static void drain(Flotilla sea) {
        int slot = sea.random.nextInt(1, 5);
        Vessel target = some(sea);
        if (sea.durable().slot(Flotilla.slot(slot)) instanceof SlotState.Running running
                && !running.owner().equals(target.self)) {
            sea.drain(new Grant(Flotilla.slot(slot), running.epoch()), target);
        }
    }

    private static void suspend(Flotilla sea, long millis) {
        if (living(sea).size() > 2) {
            Vessel vessel = some(sea);
            vessel.suspended = true;
            sea.in(sea.random.nextLong(millis) * Flotilla.MILLI, vessel::resume);
        }
    }

    /** It dies, or is only thought dead; another life of the node may come. Perhaps somebody sleeps through all of it. */
    private static void lose(Flotilla sea) {
        if (living(sea).size() > 3) {
            Vessel lost = some(sea);
            if (sea.random.nextBoolean()) {
                suspend(sea, 150);
            }
            sea.in(sea.random.nextLong(20) * Flotilla.MILLI, () -> fallSilent(sea, lost));
        }
    }

    private static void fallSilent(Flotilla sea, Vessel lost) {
        if (!lost.mayAct() || living(sea).size() < 3) {
            return;
        }
        if (sea.random.nextBoolean()) {
            lost.kill();
        } else {
            lost.doom();
        }
        sea.in(sea.random.nextLong(50) * Flotilla.MILLI, () -> {
            sea.replace(lost, some(sea));
            if (sea.random.nextBoolean()) {
                sea.join(lost.self.node().value());
            }
        });
    }

    @Test
    void drainsOnly_nothingIsLost_overtaken_orRunTwice_rules17to20() {
        for (long seed = 1; seed <= 40; seed++) {
            Logbook log = storm(Rig.SOUND, seed, Weather.DRAINS_ONLY);
            assertThat(log.violations).as("seed %d, %s", seed, log.counts).isEmpty();
            // Half of what a slot's own messages may take: slots that are drained together do not wait for each other.
            assertThat(log.longestMarkNanos).as("seed %d", seed).isLessThan(200 * Flotilla.MILLI);
        }
    }

    @Test
    @Tag("D13")
    @Tag("S2.13")
    void faults_everyCallEndsOnce_andNothingOldIsHeard_rules13to20() {
        for (long seed = 1; seed <= 80; seed++) {
            Logbook log = storm(Rig.SOUND, seed, Weather.FAULTS);
            assertThat(log.violations).as("seed %d, %s", seed, log.counts).isEmpty();
        }
    }

    @Test
    @Tag("S2.11")
    void afterAStorm_theCallersOfAllNodesReachTheSameOwner() {
        for (long seed = 1; seed <= 20; seed++) {
            Flotilla sea = stormy(Rig.SOUND, seed, Weather.FAULTS);
            for (int slot = 1; slot <= 4; slot++) {
                List<Incarnation> owners = reached(sea, slot);
                assertThat(owners).as("seed %d slot %d", seed, slot).hasSizeGreaterThan(2);
                assertThat(owners).as("seed %d slot %d", seed, slot).containsOnly(owners.getFirst());
            }
        }
    }

    /** Where a call from each node runs. */
    private static List<Incarnation> reached(Flotilla sea, int slot) {
        List<Request> requests = new ArrayList<>();
        for (Vessel vessel : living(sea)) {
            long deadline = sea.now + 500 * Flotilla.MILLI;
            Request request = Request.toSlot(1, Flotilla.slot(slot), deadline, sea.log.nextBody());
            requests.add(request);
            vessel.submit(request);
        }
        sea.runFor(500 * Flotilla.MILLI);
        return requests.stream()
                .map(request ->
                        Objects.requireNonNull(sea.log.entry(request.body().utf8()).ranAt))
                .toList();
    }

    @Test
    void smallBounds_areNeverExceeded_andEveryCallStillEndsOnce() {
        Rig small = new Rig(
                new CallLimits(24, 6, new Backoff(Flotilla.MILLI, 16 * Flotilla.MILLI), Flotilla.POLL),
                new AdmissionLimits(4, 24, Flotilla.MILLI, Flotilla.POLL),
                Judge::new,
                MarkSet::new);
        int busy = 0;
        for (long seed = 1; seed <= 40; seed++) {
            Logbook log = storm(small, seed, Weather.FAULTS);
            // A call that was refused BUSY may be overtaken by those that were under way with it.
            log.violations.removeIf(violation -> violation.contains("overtaken"));
            assertThat(log.violations).as("seed %d, %s", seed, log.counts).isEmpty();
            busy += log.counts.getOrDefault("Refused BUSY", 0);
        }
        assertThat(busy).isPositive();
    }

    @Test
    void sameSeed_sameStorm() {
        assertThat(storm(Rig.SOUND, 5, Weather.FAULTS).counts).isEqualTo(storm(Rig.SOUND, 5, Weather.FAULTS).counts);
    }

    /** Each safety decision in turn is taken away, and a storm shows what it is for. */
    @TestFactory
    Stream<DynamicTest> measureTakenAway_isCaught() {
        return Stream.of(
                caught("the lease", "ran outside the lease", mayAct -> new Judge(mayAct) {
                    @Override
                    protected boolean mayAct(long nowNanos) {
                        return true;
                    }
                }),
                caught("the newest connection", "overtaken", mayAct -> new Judge(mayAct) {
                    @Override
                    protected boolean connectionIsCurrent(long connection, long current) {
                        return true;
                    }
                }),
                caught("the sender's incarnation", "heard the replaced", mayAct -> new Judge(mayAct) {
                    @Override
                    protected boolean senderIsCurrent(Table table, Incarnation peer) {
                        return true;
                    }
                }),
                caught("the sender's slot", "heard an old epoch after a new one", mayAct -> new Judge(mayAct) {
                    @Override
                    protected Standing slotIsCurrent(Table table, Incarnation sender, @Nullable Grant from) {
                        return Standing.CURRENT;
                    }
                }),
                caught("the own slot", "ran before it was loaded", mayAct -> new Judge(mayAct) {
                    @Override
                    protected Verdict mayDispatch(Table table, Grant to) {
                        return Verdict.RUN;
                    }
                }),
                caught("the budget", "ran after its deadline", mayAct -> new Judge(mayAct) {
                    @Override
                    protected boolean budgetIsOver(long nowNanos, long deadlineNanos) {
                        return false;
                    }
                }));
    }

    private static DynamicTest caught(String measure, String harm, Function<LongPredicate, Judge> judge) {
        return DynamicTest.dynamicTest("without " + measure, () -> {
            boolean found = LongStream.rangeClosed(1, 2_000)
                    .anyMatch(seed -> storm(Rig.SOUND.with(judge), seed, Weather.FAULTS).violations.stream()
                            .anyMatch(violation -> violation.contains(harm)));
            assertThat(found).as("a storm in which " + harm).isTrue();
        });
    }

    @Test
    void withoutMarks_whatADrainedSlotSaidIsLost_rule19() {
        Logbook log = storm(Rig.SOUND.with(Deaf::new), 1, Weather.DRAINS_ONLY);
        assertThat(log.violations).anyMatch(violation -> violation.contains("lost without a fault"));
    }

    /** Waits for nobody's answer. */
    private static final class Deaf extends MarkSet {
        @Override
        protected boolean mustAnswer(Table table, Incarnation peer) {
            return false;
        }
    }
}
