package dev.berth.node.store;

import dev.berth.core.store.StoreMessage.StoreStatus;
import dev.berth.node.lookout.Watched;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;

/** What a store's lookout shows. Any thread. */
record StoreWatch(Path directory, StoreEngine engine, Future<?> ending) implements Watched {
    @Override
    public String title() {
        return "store " + directory;
    }

    @Override
    public String deadBecause() {
        return ending.isDone() ? "it ends" : "";
    }

    @Override
    public String unreadyBecause() {
        StoreStatus status = engine.status(0);
        return status.takesWrites() ? "" : "it takes no writes: the disk is " + status.diskPercent() + " % full";
    }

    @Override
    public void measure(MeterRegistry meters) {
        gauge(meters, "berth.store.takes.writes", "0 while the disk is full", status -> status.takesWrites() ? 1 : 0);
        gauge(meters, "berth.store.disk.percent", "how full the disk is", StoreStatus::diskPercent);
        gauge(meters, "berth.store.fences", "slots that have one", StoreStatus::fences);
        gauge(meters, "berth.store.waiting", "requests in the queue", StoreStatus::waiting);
        gauge(
                meters,
                "berth.store.fsync.p50.seconds",
                "half of the newest fsyncs took no longer",
                status -> status.fsyncP50Micros() / 1e6);
        counter(meters, "berth.store.acknowledged", "appends and snapshots", StoreStatus::acknowledged);
        counter(meters, "berth.store.fsyncs", "of the log", StoreStatus::fsyncs);
    }

    private void gauge(MeterRegistry meters, String name, String what, ToDoubleFunction<StoreStatus> of) {
        Gauge.builder(name, engine, store -> of.applyAsDouble(store.status(0)))
                .description(what)
                .register(meters);
    }

    private void counter(MeterRegistry meters, String name, String what, ToDoubleFunction<StoreStatus> of) {
        FunctionCounter.builder(name, engine, store -> of.applyAsDouble(store.status(0)))
                .description(what)
                .register(meters);
    }
}
