package dev.berth.node.worker;

import dev.berth.core.call.Outcome;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How calls have ended, by service: those that this node made, and those that its slots have answered. Any thread. */
final class Counts {
    /** In place of a service: calls of processes of other nodes, and monitors of them. */
    static final String PROCESSES = "(processes)";

    private final Map<String, Ends> made = new ConcurrentHashMap<>();
    private final Map<String, Ends> answered = new ConcurrentHashMap<>();

    /** For one service. Of what a slot answers, only the first two are counted. */
    static final class Ends {
        final LongAdder done = new LongAdder();
        final LongAdder failed = new LongAdder();
        final LongAdder refused = new LongAdder();
        final LongAdder unknown = new LongAdder();

        void count(Outcome<?> outcome) {
            switch (outcome) {
                case Outcome.Done<?> _ -> done.increment();
                case Outcome.Failed<?> _ -> failed.increment();
                case Outcome.Refused<?> _ -> refused.increment();
                case Outcome.Unknown<?> _ -> unknown.increment();
            }
        }
    }

    Ends made(String service) {
        return made.computeIfAbsent(service, _ -> new Ends());
    }

    Ends answered(String service) {
        return answered.computeIfAbsent(service, _ -> new Ends());
    }

    void measure(MeterRegistry meters) {
        made.forEach((service, ends) -> {
            counter(meters, "berth.calls", "calls this node made", service, "done", ends.done);
            counter(meters, "berth.calls", "calls this node made", service, "failed", ends.failed);
            counter(meters, "berth.calls", "calls this node made", service, "refused", ends.refused);
            counter(meters, "berth.calls", "calls this node made", service, "unknown", ends.unknown);
        });
        answered.forEach((service, ends) -> {
            counter(meters, "berth.answers", "calls its slots answered", service, "done", ends.done);
            counter(meters, "berth.answers", "calls its slots answered", service, "failed", ends.failed);
        });
    }

    private static void counter(
            MeterRegistry meters, String name, String what, String service, String outcome, LongAdder adder) {
        FunctionCounter.builder(name, adder, LongAdder::sum)
                .description(what + ", by how they ended")
                .tag("service", service)
                .tag("outcome", outcome)
                .register(meters);
    }
}
