package dev.berth.node.entity;

import dev.berth.core.call.RefusedReason;
import dev.berth.node.process.Spread;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the entities of one application have done at this node. Any thread. */
final class EntityMeters {
    private static final Logger LOG = LoggerFactory.getLogger(EntityMeters.class);
    private static final long SLOW_NANOS = 1_000_000_000L;
    private static final int SLOW_LINES = 10;

    private final String service;
    private final Map<String, Method> methods = new ConcurrentHashMap<>();
    private final Spread writes = new Spread();
    private final LongAdder reloads = new LongAdder();
    private final LongAdder inMemory = new LongAdder();
    private final LongAdder busy = new LongAdder();
    private final LongAdder tooOld = new LongAdder();
    private long slowSince;
    private int slow;

    EntityMeters(String service) {
        this.service = service;
    }

    /** Of one method of one contract. */
    final class Method {
        private final LongAdder done = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final Spread waited = new Spread();
        private final Spread took = new Spread();

        /**
         * An answer has left.
         *
         * @param putNanos when the call was put into the mailbox
         * @param begunNanos when it was taken out of it
         */
        void ended(boolean well, long putNanos, long begunNanos, Supplier<String> what) {
            long now = System.nanoTime();
            (well ? done : failed).increment();
            waited.add(now, begunNanos - putNanos);
            took.add(now, now - begunNanos);
            if (now - putNanos > SLOW_NANOS) {
                sayIfFew(
                        now,
                        () -> "%s took %.1f s: %.1f s in the mailbox, %.1f s until its answer could leave"
                                .formatted(
                                        what.get(),
                                        (now - putNanos) / 1e9,
                                        (begunNanos - putNanos) / 1e9,
                                        (now - begunNanos) / 1e9));
            }
        }
    }

    private synchronized void sayIfFew(long now, Supplier<String> line) {
        if (now - slowSince > SLOW_NANOS) {
            slowSince = now;
            slow = 0;
        }
        if (slow++ < SLOW_LINES) {
            LOG.warn("{}", line.get());
        }
    }

    Method of(String type, String method) {
        return methods.computeIfAbsent(type + "." + method, _ -> new Method());
    }

    void wrote(long tookNanos) {
        writes.add(System.nanoTime(), tookNanos);
    }

    /** Calls that surely did not run. */
    void refused(RefusedReason reason) {
        (reason == RefusedReason.TOO_OLD ? tooOld : busy).increment();
    }

    /** So that the lines of those who waited for each other, on whatever nodes, can be put together. */
    static String name(String what, long link, List<Long> chain) {
        return what + " #" + Long.toHexString(link)
                + (chain.isEmpty()
                        ? ""
                        : chain.stream().map(Long::toHexString).collect(Collectors.joining(" for #", " (for #", ")")));
    }

    /** A write was not done and the entity is loaded again. */
    void reloaded() {
        reloads.increment();
    }

    void enters() {
        inMemory.increment();
    }

    void leaves() {
        inMemory.decrement();
    }

    long inMemory() {
        return inMemory.sum();
    }

    void measure(MeterRegistry meters) {
        Gauge.builder("berth.entities", inMemory, LongAdder::sum)
                .description("entities in memory")
                .tag("service", service)
                .register(meters);
        FunctionCounter.builder("berth.entity.reloads", reloads, LongAdder::sum)
                .description("entities that were loaded again because a write was not done")
                .tag("service", service)
                .register(meters);
        spread(meters, "berth.entity.write.seconds", "until a write was on disk", "", writes);
        counter(meters, "", "busy", busy);
        counter(meters, "", "too_old", tooOld);
        methods.forEach((name, method) -> {
            counter(meters, name, "done", method.done);
            counter(meters, name, "failed", method.failed);
            spread(meters, "berth.entity.wait.seconds", "in the mailbox", name, method.waited);
            spread(meters, "berth.entity.call.seconds", "from there until the answer left", name, method.took);
        });
    }

    private void counter(MeterRegistry meters, String name, String outcome, LongAdder adder) {
        FunctionCounter.builder("berth.entity.calls", adder, LongAdder::sum)
                .description("calls of entities, by how they ended")
                .tags("service", service, "method", name, "outcome", outcome)
                .register(meters);
    }

    private void spread(MeterRegistry meters, String name, String what, String method, Spread spread) {
        quantile(meters, name, what, method, "0.5", spread, of -> of.quantile(0.5));
        quantile(meters, name, what, method, "0.99", spread, of -> of.quantile(0.99));
    }

    private void quantile(
            MeterRegistry meters,
            String name,
            String what,
            String method,
            String share,
            Spread spread,
            ToDoubleFunction<Spread> reading) {
        Gauge.builder(name, spread, reading)
                .description(what + ", in the last one to two minutes")
                .tags("service", service, "method", method, "quantile", share)
                .register(meters);
    }
}
