package dev.berth.lab.bench;

import dev.berth.core.cluster.Timings;
import dev.berth.node.demo.DemoWorker;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

// Every kill hits the owner of a slot that is called all the time; the standby that takes it over has never owned
// anything in its life, because it is the one that was killed and started anew a round or two before. A launcher that
// is stopped certifies nothing, and then the lease has to lapse.

/** How long a slot does not answer: after a kill with and without a certificate, after a lost machine, in a drain. */
final class TakeoverBench {
    static final int KILLS = 20;
    static final int LAPSES = 4;
    static final int DRAINS = 12;

    private static final int SLOTS = 3;
    private static final int WORKERS = 5;
    private static final int MASTERS = 2;
    private static final int CALLERS = 64;
    private static final int PER_SECOND = 5_000;
    private static final int FEW_CALLERS = 8;
    private static final int FEW_PER_SECOND = 1_000;
    /** Until a started process has joined the waiting ones, and the machine is quiet again. */
    private static final long SETTLE_MILLIS = 2_000;
    /** What a caller notices of a take-over is over when so many of the new owner's answers have come. */
    private static final int ANSWERS = 50;

    private final Consumer<String> say;
    private final List<Object> victims = new ArrayList<>();
    private final List<Double> rest = new ArrayList<>();

    TakeoverBench(Consumer<String> say) {
        this.say = say;
    }

    Map<String, Object> run(int kills, int lapses, int drains, boolean machine) throws IOException, InterruptedException {
        Map<String, Object> figures = new LinkedHashMap<>();
        Harbor.Plan plan = new Harbor.Plan(
                SLOTS,
                WORKERS,
                MASTERS,
                DemoWorker.class,
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                "default");
        try (Harbor harbor = Harbor.launch(plan);
                Node node = Node.start(harbor.caller())) {
            say.accept("every slot runs; data and logs in " + harbor.dir());
            figures.put("caller_pid", ProcessHandle.current().pid());
            figures.put("pids", harbor.pids());
            certificates(harbor, node, kills, figures);
            drains(harbor, node, drains, figures);
            lapses(harbor, node, lapses, figures);
            if (machine) {
                machine(harbor, node, figures);
            }
            figures.put("victim_pids", victims);
        }
        return figures;
    }

    private void certificates(Harbor harbor, Node node, int kills, Map<String, Object> figures)
            throws IOException, InterruptedException {
        List<Double> gaps = new ArrayList<>();
        long resident = 0;
        for (int i = 0; i < kills; i++) {
            int slot = 1 + i % SLOTS;
            try (Pulse pulse = warm(node, slot, FEW_CALLERS, FEW_PER_SECOND)) {
                String victim = owner(harbor, slot);
                long pid = harbor.pid(victim);
                resident = Math.max(resident, harbor.residentMiB(pid));
                victims.add(pid);
                pulse.mark();
                Harbor.signal("KILL", pid);
                double gap = gap(harbor, pulse, slot, victim);
                gaps.add(gap);
                restarted(harbor, victim, pid);
                say.accept("kill %d of %d: %s (process %d), which owned %s/%d: %.0f ms".formatted(
                        i + 1, kills, victim, pid, Harbor.SERVICE, slot, gap));
            }
            harbor.awaitWhole(SLOTS);
        }
        figures.put("certificate_ms_p50", median(gaps));
        figures.put("certificate_ms_first", gaps.isEmpty() ? 0 : gaps.getFirst());
        figures.put("certificate_ms_max", gaps.stream().mapToDouble(gap -> gap).max().orElse(0));
        figures.put("certificate_ms", gaps);
        figures.put("victim_resident_mib", resident);
    }

    private void lapses(Harbor harbor, Node node, int lapses, Map<String, Object> figures)
            throws IOException, InterruptedException {
        List<Double> gaps = new ArrayList<>();
        List<Double> over = new ArrayList<>();
        for (int i = 0; i < lapses; i++) {
            int slot = 1 + i % SLOTS;
            try (Pulse pulse = warm(node, slot, FEW_CALLERS, FEW_PER_SECOND)) {
                String victim = owner(harbor, slot);
                long pid = harbor.pid(victim);
                victims.add(pid);
                Harbor.signal("STOP", harbor.launcherPid());
                long lease = harbor.leaseMillis(victim);
                pulse.mark();
                Harbor.signal("KILL", pid);
                double gap = gap(harbor, pulse, slot, victim);
                Harbor.signal("CONT", harbor.launcherPid());
                gaps.add(gap);
                over.add(gap - lease);
                say.accept("kill %d of %d without a certificate: %.0f ms, of which %d were left of its lease"
                        .formatted(i + 1, lapses, gap, lease));
            }
            harbor.awaitWhole(SLOTS);
        }
        figures.put("lapse_wait_ms", lapseWaitMillis(Timings.DEFAULT));
        figures.put("lapse_ms_p50", median(gaps));
        figures.put("lapse_ms_max", gaps.stream().mapToDouble(gap -> gap).max().orElse(0));
        figures.put("lapse_over_lease_ms_p50", median(over));
    }

    private static long lapseWaitMillis(Timings timings) {
        return TimeUnit.NANOSECONDS.toMillis(timings.stretched(timings.leaseNanos()));
    }

    /** A machine that is lost says nothing more: its processes are stopped, so that their sockets are not even closed. */
    private void machine(Harbor harbor, Node node, Map<String, Object> figures)
            throws IOException, InterruptedException {
        try (Pulse pulse = warm(node, 1, FEW_CALLERS, FEW_PER_SECOND)) {
            String victim = owner(harbor, 1);
            String leader = harbor.leader();
            long[] lost = {harbor.launcherPid(), harbor.pid(victim), harbor.pid(leader)};
            victims.add(lost[1]);
            victims.add(lost[2]);
            pulse.mark();
            Harbor.signal("STOP", lost);
            double gap = gap(harbor, pulse, 1, victim);
            Harbor.signal("KILL", lost[1], lost[2]);
            Harbor.signal("CONT", lost[0]);
            say.accept("lost with the leading master (%s, %s): %.0f ms".formatted(victim, leader, gap));
            figures.put("lost_master_wait_ms", lostMasterWaitMillis(Timings.DEFAULT));
            figures.put("lost_master_ms", gap);
        }
        harbor.awaitWhole(SLOTS);
    }

    /** The coordinator's session ends, somebody else takes over and waits out what the one before may have promised. */
    private static long lostMasterWaitMillis(Timings timings) {
        long promised = timings.stretched(timings.leaseNanos() + timings.leaderLeaseNanos());
        return dev.berth.node.coordinator.CoordinatorConfig.SESSION_MILLIS + TimeUnit.NANOSECONDS.toMillis(promised);
    }

    private void drains(Harbor harbor, Node node, int drains, Map<String, Object> figures)
            throws IOException, InterruptedException {
        List<Double> gaps = new ArrayList<>();
        List<Double> calls = new ArrayList<>();
        try (Pulse pulse = warm(node, 1, CALLERS, PER_SECOND)) {
            long start = System.nanoTime();
            Pulse.Ends before = pulse.ends();
            for (int i = 0; i < drains; i++) {
                String from = owner(harbor, 1);
                pulse.mark();
                harbor.drain(from, true);
                harbor.await("the slot has moved", () -> harbor.owner(1).filter(to -> !to.equals(from)).isPresent());
                TimeUnit.MILLISECONDS.sleep(300);
                Pulse.Beat beat = pulse.sinceMark();
                gaps.add(beat.gapMillis());
                calls.add(beat.longestCallMillis());
                say.accept("drain %d of %d of %s: %.1f ms, longest call %.1f ms".formatted(
                        i + 1, drains, from, beat.gapMillis(), beat.longestCallMillis()));
                harbor.drain(from, false);
                harbor.awaitWhole(SLOTS);
            }
            Pulse.Ends ends = pulse.ends();
            figures.put("drain_gap_ms_p50", median(gaps));
            figures.put("drain_gap_ms_max", gaps.stream().mapToDouble(gap -> gap).max().orElse(0));
            figures.put("drain_call_ms_p50", median(calls));
            figures.put("drain_failed_calls", ends.failed() + ends.refused() + ends.unknown());
            figures.put("drain_callers", CALLERS);
            figures.put(
                    "drain_calls_per_second", Math.round((ends.answered() - before.answered()) * 1e9 / (System.nanoTime() - start)));
        }
    }

    /** The killed node is back, as a standby; nobody lists those. */
    private static void restarted(Harbor harbor, String node, long formerPid) throws IOException, InterruptedException {
        harbor.await(node + " is started again", () -> harbor.isStarted(node) && harbor.pid(node) != formerPid);
        TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
    }

    private static String owner(Harbor harbor, int slot) throws IOException, InterruptedException {
        return harbor.owner(slot).orElseThrow(() -> new IOException("slot " + slot + " has no owner"));
    }

    private static Pulse warm(Node node, int slot, int callers, int perSecond)
            throws InterruptedException, IOException {
        Pulse pulse = new Pulse(node.agent(Harbor.SERVICE), slot, callers, perSecond);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (pulse.ends().answered() < perSecond) {
            if (System.nanoTime() > end) {
                throw new IOException("the callers of slot " + slot + " are not answered: " + pulse.ends());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return pulse;
    }

    /** Waits until the new owner answers, however long; what the callers have noticed. */
    private double gap(Harbor harbor, Pulse pulse, int slot, String victim) throws IOException, InterruptedException {
        // Nothing is asked of the masters meanwhile.
        TimeUnit.MILLISECONDS.sleep(20);
        Pulse.Beat then = pulse.sinceMark();
        harbor.await("the new owner answers", () -> pulse.sinceMark().answered() >= then.answered() + ANSWERS);
        harbor.await("somebody else owns it", () -> harbor.owner(slot).filter(to -> !to.equals(victim)).isPresent());
        return pulse.sinceMark().gapMillis();
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : Math.round(sorted.get(sorted.size() / 2) * 10) / 10.0;
    }

    public static void main(String[] args) throws Exception {
        TakeoverBench bench = new TakeoverBench(System.out::println);
        System.out.println(bench.run(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]), args.length > 3));
        System.exit(0);
    }
}
