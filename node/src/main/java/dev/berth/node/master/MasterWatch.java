package dev.berth.node.master;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.MemberStatus;
import dev.berth.core.cluster.View;
import dev.berth.node.coordinator.MasterNode;
import dev.berth.node.lookout.Watched;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

// The machine is asked once per scrape, in the words in which an operator asks it. What only the leading master knows
// is zero at the others, so that sums over all masters are right.

/** What a master's lookout shows. Any thread. */
final class MasterWatch implements Watched {
    private static final long PATIENCE_MILLIS = 1_000;
    private static final String[] STATES = {"FREE", "OFFERED", "RUNNING", "DRAINING", "PARKED"};

    private final String name;
    private final MasterNode master;
    private final CompletableFuture<String> ended;
    private final Map<String, AtomicLong> values = new ConcurrentHashMap<>();

    MasterWatch(String name, MasterNode master, CompletableFuture<String> ended) {
        this.name = name;
        this.master = master;
        this.ended = ended;
    }

    @Override
    public String title() {
        return "master " + name;
    }

    @Override
    public String deadBecause() {
        return ended.isDone() ? "the master is over: " + ended.join() : "";
    }

    @Override
    public String unreadyBecause() {
        // Whoever stands by is ready as well; a leader whose own lease is over answers nobody.
        return master.look(PATIENCE_MILLIS) == null ? "it leads and has lost the coordinator, or is overloaded" : "";
    }

    @Override
    public void measure(MeterRegistry meters) {
        ClusterMessage.Status status =
                master.look(PATIENCE_MILLIS) instanceof ClusterMessage.Status leading ? leading : null;
        set(meters, "berth.master.leads", "", status == null ? 0 : 1);
        set(meters, "berth.master.term", "", status == null ? 0 : status.term());
        set(meters, "berth.master.view", "", status == null ? 0 : status.view().number());
        set(meters, "berth.master.closed", "", status == null ? 0 : status.closed());
        set(
                meters,
                "berth.master.members",
                "",
                status == null ? 0 : status.members().size());
        set(
                meters,
                "berth.master.suspected",
                "",
                status == null
                        ? 0
                        : status.members().stream()
                                .filter(MemberStatus::suspected)
                                .count());
        Map<String, Long> slots =
                status == null ? Map.of() : slots(status.view().toView());
        for (String state : STATES) {
            set(meters, "berth.master.slots", state, slots.getOrDefault(state, 0L));
        }
    }

    private static Map<String, Long> slots(View view) {
        Map<String, Long> counts = new TreeMap<>();
        view.forEachUnit((_, state) -> counts.merge(state.word(), 1L, Long::sum));
        return counts;
    }

    private void set(MeterRegistry meters, String meter, String state, long value) {
        AtomicLong kept = values.computeIfAbsent(meter + state, _ -> {
            AtomicLong fresh = new AtomicLong();
            Gauge.Builder<AtomicLong> gauge = Gauge.builder(meter, fresh, AtomicLong::get);
            if (!state.isEmpty()) {
                gauge.tag("state", state);
            }
            gauge.register(meters);
            return fresh;
        });
        kept.set(value);
    }
}
