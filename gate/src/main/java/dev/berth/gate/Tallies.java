package dev.berth.gate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a gate has seen. Any thread. */
final class Tallies {
    final LongAdder connects = new LongAdder();
    final LongAdder packetsIn = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder packetsOut = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    /** How often a client was not read from for a while. */
    final LongAdder pauses = new LongAdder();

    private final Map<Refusal, LongAdder> refusals = new EnumMap<>(Refusal.class);

    Tallies() {
        for (Refusal refusal : Refusal.values()) {
            refusals.put(refusal, new LongAdder());
        }
    }

    void refused(Refusal refusal) {
        of(refusal).increment();
    }

    LongAdder of(Refusal refusal) {
        LongAdder adder = refusals.get(refusal);
        if (adder == null) {
            throw new IllegalStateException("nobody counts " + refusal);
        }
        return adder;
    }

    void measure(MeterRegistry meters, Turnstile turnstile) {
        Gauge.builder("berth.gate.clients", turnstile, Turnstile::inside)
                .description("clients that are connected, handshakes included")
                .register(meters);
        counter(meters, "berth.gate.connects", "connections from clients", "", connects);
        counter(meters, "berth.gate.packets", "packets of clients", "in", packetsIn);
        counter(meters, "berth.gate.packets", "packets of clients", "out", packetsOut);
        counter(meters, "berth.gate.bytes", "bytes in packets of clients", "in", bytesIn);
        counter(meters, "berth.gate.bytes", "bytes in packets of clients", "out", bytesOut);
        counter(meters, "berth.gate.pauses", "how often a client was not read from for a while", "", pauses);
        refusals.forEach((refusal, adder) -> FunctionCounter.builder("berth.gate.refused", adder, LongAdder::sum)
                .description("clients that were refused or closed, by reason")
                .tag("reason", refusal.word())
                .register(meters));
    }

    private static void counter(MeterRegistry meters, String name, String what, String way, LongAdder adder) {
        FunctionCounter.Builder<LongAdder> counter =
                FunctionCounter.builder(name, adder, LongAdder::sum).description(what);
        (way.isEmpty() ? counter : counter.tag("way", way)).register(meters);
    }
}
