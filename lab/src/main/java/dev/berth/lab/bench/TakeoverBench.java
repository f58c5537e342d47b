package dev.berth.lab.bench;

import dev.berth.core.cluster.Timings;
import dev.berth.node.coordinator.CoordinatorConfig;
import dev.berth.node.demo.DemoWorker;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

// Every kill hits the owner of a slot that is called all the time. The standby that takes the slot over has never
// owned anything in its life: it is a process that was killed itself a round or two before. A launcher that is stopped
// certifies nothing, and then the lease has to lapse.

/** How long a slot does not answer: after a kill with and without a certificate, in a drain, after a lost machine. */
@Command(name = "takeover", description = "How long a slot does not answer when its owner is killed, lost or drained.")
final class TakeoverBench extends Bench {
    private static final int SLOTS = 3;
    private static final int WORKERS = 5;
    private static final int MASTERS = 2;
    private static final int CALLERS = 64;
    private static final int PER_SECOND = 5_000;
    private static final int FEW_CALLERS = 8;
    private static final int FEW_PER_SECOND = 1_000;

    @Option(names = "--kills", description = "With a certificate (default ${DEFAULT-VALUE}).", defaultValue = "20")
    private int kills;

    @Option(
            names = "--lapses",
            description = "Kills without a certificate (default ${DEFAULT-VALUE}).",
            defaultValue = "4")
    private int lapses;

    @Option(names = "--drains", description = "Planned hand-overs (default ${DEFAULT-VALUE}).", defaultValue = "12")
    private int drains;

    @Option(names = "--no-lost-master", description = "Leave out the machine that is lost with the leading master.")
    private boolean sparesMaster;

    @Option(
            names = "--worker-jvm",
            split = ",",
            description = "The options of the workers' virtual machines (default ${DEFAULT-VALUE}).",
            defaultValue = "-Xmx256m,-XX:+UseSerialGC,-XX:TieredStopAtLevel=1")
    private List<String> jvm = List.of();

    private final List<Long> victims = new ArrayList<>();

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        HarborPlan plan = HarborPlan.of(DemoWorker.class)
                .withService(String.valueOf(SLOTS), "standby")
                .withWorkers(WORKERS, jvm)
                .withMasters(MASTERS);
        try (Harbor harbor = Harbor.launch(plan);
                Node node = Node.start(harbor.caller())) {
            harbor.awaitWhole(SLOTS);
            var _ = harbor.witness().watch("the callers' node", node);
            say("every slot runs; data and logs in " + harbor.dir());
            figures.put("pids", harbor.pids());
            certificates(harbor, node, figures);
            drains(harbor, node, figures);
            lapses(harbor, node, figures);
            if (!sparesMaster) {
                lostMaster(harbor, node, figures);
            }
            figures.put("victim_pids", victims);
            harbor.judge(figures);
            harbor.hasServed();
        }
        return figures;
    }

    private void certificates(Harbor harbor, Node node, Map<String, @Nullable Object> figures)
            throws IOException, InterruptedException {
        List<Double> gaps = new ArrayList<>();
        long resident = 0;
        for (int i = 0; i < kills; i++) {
            int slot = 1 + i % SLOTS;
            String victim = harbor.owner(slot);
            long pid = harbor.pid(victim);
            try (Pulse pulse = Pulse.warm(node, harbor.witness(), slot, FEW_CALLERS, FEW_PER_SECOND)) {
                resident = Math.max(resident, new Proc(pid).residentMiB());
                pulse.mark();
                Harbor.signal("KILL", pid);
                gaps.add(harbor.moved(pulse, slot, victim));
            }
            victims.add(pid);
            say("kill %d of %d, %s (process %d) which owned slot %d: %.0f ms"
                    .formatted(i + 1, kills, victim, pid, slot, gaps.getLast()));
            harbor.awaitRestart(victim, pid);
            harbor.awaitWhole(SLOTS);
        }
        figures.put("certificate_ms_p50", Gaps.median(gaps));
        figures.put("certificate_ms_first", gaps.isEmpty() ? 0 : rounded(gaps.getFirst(), 1));
        figures.put("certificate_ms_max", Gaps.longest(gaps));
        figures.put("killed_resident_mib", resident);
    }

    private void lapses(Harbor harbor, Node node, Map<String, @Nullable Object> figures)
            throws IOException, InterruptedException {
        List<Double> gaps = new ArrayList<>();
        List<Double> beyond = new ArrayList<>();
        for (int i = 0; i < lapses; i++) {
            int slot = 1 + i % SLOTS;
            String victim = harbor.owner(slot);
            long pid = harbor.pid(victim);
            try (Pulse pulse = Pulse.warm(node, harbor.witness(), slot, FEW_CALLERS, FEW_PER_SECOND)) {
                Harbor.signal("STOP", harbor.launcherPid());
                double lease = harbor.leaseMillis(victim);
                pulse.mark();
                Harbor.signal("KILL", pid);
                gaps.add(harbor.moved(pulse, slot, victim));
                beyond.add(gaps.getLast() - lease);
            } finally {
                Harbor.signal("CONT", harbor.launcherPid());
            }
            victims.add(pid);
            say("kill %d of %d without a certificate: %.0f ms, %.0f ms after its lease was surely over"
                    .formatted(i + 1, lapses, gaps.getLast(), beyond.getLast()));
            harbor.awaitRestart(victim, pid);
            harbor.awaitWhole(SLOTS);
        }
        Timings timings = Timings.DEFAULT;
        figures.put("lapse_wait_ms", millis(timings.stretched(timings.leaseNanos())));
        figures.put("lapse_ms_p50", Gaps.median(gaps));
        figures.put("lapse_ms_max", Gaps.longest(gaps));
        figures.put("lapse_beyond_ms_p50", Gaps.median(beyond));
        figures.put("lapse_beyond_ms_max", Gaps.longest(beyond));
    }

    /**
     * A machine that is lost says nothing more: its processes are stopped, so that not even their sockets are closed. First the
     * coordinator's session ends, then another master takes over and waits out what the one before may have promised.
     */
    private void lostMaster(Harbor harbor, Node node, Map<String, @Nullable Object> figures)
            throws IOException, InterruptedException {
        String victim = harbor.owner(1);
        String leader = harbor.leader();
        long[] lost = {harbor.launcherPid(), harbor.pid(victim), harbor.pid(leader)};
        Timings timings = Timings.DEFAULT;
        long promised = timings.stretched(timings.leaseNanos() + timings.leaderLeaseNanos());
        figures.put("lost_master_wait_ms", CoordinatorConfig.SESSION_MILLIS + millis(promised));
        try (Pulse pulse = Pulse.warm(node, harbor.witness(), 1, FEW_CALLERS, FEW_PER_SECOND)) {
            pulse.mark();
            Harbor.signal("STOP", lost);
            double gap = harbor.moved(pulse, 1, victim);
            figures.put("lost_master_ms", rounded(gap, 1));
            say("a machine lost with %s and the leading %s: %.0f ms".formatted(victim, leader, gap));
        } finally {
            Harbor.signal("KILL", lost[1], lost[2]);
            Harbor.signal("CONT", lost[0]);
        }
        victims.add(lost[1]);
        victims.add(lost[2]);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private void drains(Harbor harbor, Node node, Map<String, @Nullable Object> figures)
            throws IOException, InterruptedException {
        List<Double> gaps = new ArrayList<>();
        List<Double> calls = new ArrayList<>();
        try (Pulse pulse = Pulse.warm(node, harbor.witness(), 1, CALLERS, PER_SECOND)) {
            Pulse.Ends before = pulse.ends();
            for (int i = 0; i < drains; i++) {
                String from = harbor.owner(1);
                pulse.mark();
                harbor.drain(from, true);
                gaps.add(harbor.moved(pulse, 1, from));
                calls.add(pulse.sinceMark().longestCallMillis());
                say("drain %d of %d, of %s: %.1f ms".formatted(i + 1, drains, from, gaps.getLast()));
                harbor.drain(from, false);
                harbor.awaitWhole(SLOTS);
            }
            Pulse.Ends all = pulse.ends().since(before);
            figures.put("drain_gap_ms_p50", Gaps.median(gaps));
            figures.put("drain_gap_ms_max", Gaps.longest(gaps));
            figures.put("drain_call_ms_p50", Gaps.median(calls));
            figures.put("drain_callers", CALLERS);
            figures.put("drain_calls_per_second", Math.round(all.perSecond()));
            figures.put("drain_failed_calls", all.failed() + all.refused() + all.unknown());
        }
    }
}
