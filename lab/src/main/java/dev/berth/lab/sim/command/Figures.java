package dev.berth.lab.sim.command;

import dev.berth.lab.sim.fault.FaultKind;
import dev.berth.lab.sim.kernel.Digest;
import dev.berth.lab.sim.run.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What many runs add up to. Any thread. */
final class Figures {
    private static final double NANOS = 1e9;

    private final int nodes;
    private final int masters;
    private final int minutes;
    private final long startedNanos = System.nanoTime();
    private final Map<FaultKind, Integer> faults = new EnumMap<>(FaultKind.class);
    private final List<Result> failures = new ArrayList<>();
    private long seeds;
    private long events;
    private long operations;
    private long views;
    private long deltas;
    private long deltaBytes;
    private long records;
    private long recordBytes;
    private long coldStartViews;
    private long settledNanos;
    private long virtualNanos;
    private long digest;

    Figures(int nodes, int masters, int minutes) {
        this.nodes = nodes;
        this.masters = masters;
        this.minutes = minutes;
    }

    synchronized void add(Result result) {
        seeds++;
        events += result.events();
        operations += result.operations();
        views += result.views();
        deltas += result.traffic().deltas();
        deltaBytes += result.traffic().deltaBytes();
        records += result.traffic().records();
        recordBytes += result.traffic().recordBytes();
        coldStartViews = Math.max(coldStartViews, result.coldStartViews());
        settledNanos = Math.max(settledNanos, result.settledNanos());
        virtualNanos += result.virtualNanos();
        // Added, not chained: the order in which threads finish must not matter.
        digest += result.digest();
        result.faults().forEach((kind, count) -> faults.merge(kind, count, Integer::sum));
        if (result.violation() != null) {
            failures.add(result);
        }
    }

    synchronized long seeds() {
        return seeds;
    }

    synchronized long failureCount() {
        return failures.size();
    }

    /** In the order of the seeds. */
    synchronized List<Result> failures() {
        return failures.stream()
                .sorted(Comparator.comparingLong(result -> result.order().seed()))
                .toList();
    }

    private double seconds() {
        return (System.nanoTime() - startedNanos) / NANOS;
    }

    private int faultCount() {
        return faults.values().stream().mapToInt(Integer::intValue).sum();
    }

    synchronized List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add("%-28s %,14d".formatted("seeds", seeds));
        lines.add("%-28s %,14d".formatted("nodes, masters", nodes) + ", " + masters);
        lines.add("%-28s %,14.1f".formatted("virtual hours", virtualNanos / NANOS / 3600));
        lines.add("%-28s %,14d".formatted("events", events));
        lines.add("%-28s %,14d".formatted("acknowledged operations", operations));
        lines.add("%-28s %,14d".formatted("views", views));
        lines.add("%-28s %,14d".formatted("bytes per view change", ratio(deltaBytes, deltas)));
        lines.add("%-28s %,14d".formatted("bytes per durable view", ratio(recordBytes, records)));
        lines.add("%-28s %,14d".formatted("views of a cold start, most", coldStartViews));
        lines.add("%-28s %,14.2f s".formatted("settled after, longest", settledNanos / NANOS));
        lines.add("%-28s %,14d of %d kinds".formatted("faults", faultCount(), faults.size()));
        faults.forEach((kind, count) -> lines.add("  %-26s %,14d".formatted(kind, count)));
        lines.add("%-28s %,14d".formatted("violations", failures.size()));
        lines.add("%-28s %14s".formatted("digest", Digest.text(digest)));
        lines.add("%-28s %,14.1f".formatted("seconds", seconds()));
        return lines;
    }

    private static long ratio(long sum, long count) {
        return count == 0 ? 0 : sum / count;
    }

    /** One object; its keys are documented in docs/simulator.md and do not change their meaning. */
    synchronized String json() {
        StringBuilder byKind = new StringBuilder();
        faults.forEach((kind, count) -> byKind.append(byKind.isEmpty() ? "" : ",")
                .append('"')
                .append(kind.name().toLowerCase(Locale.ROOT))
                .append("\":")
                .append(count));
        return ("{\"seeds\":%d,\"events\":%d,\"faults\":%d,\"violations\":%d,\"seconds\":%.1f,\"nodes\":%d,\"masters\":%d,"
            + "\"minutes\":%d,\"operations\":%d,\"views\":%d,\"bytes_per_view_change\":%d,"
            + "\"bytes_per_durable_view\":%d,\"cold_start_views\":%d,\"settled_seconds_max\":%.2f,"
            + "\"digest\":\"%s\",\"faults_by_kind\":{%s}}")
                .formatted(
                        seeds,
                        events,
                        faultCount(),
                        failures.size(),
                        seconds(),
                        nodes,
                        masters,
                        minutes,
                        operations,
                        views,
                        ratio(deltaBytes, deltas),
                        ratio(recordBytes, records),
                        coldStartViews,
                        settledNanos / NANOS,
                        Digest.text(digest),
                        byKind);
    }
}
