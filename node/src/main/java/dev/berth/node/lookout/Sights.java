package dev.berth.node.lookout;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.jspecify.annotations.Nullable;

// The registry is made by the first scrape: a node that nobody watches does not pay for it.

/** What there is to see at each path. Any thread; may block. */
final class Sights implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private volatile Watched node = new Starting();
    private @Nullable PrometheusMeterRegistry meters;
    private @Nullable JvmGcMetrics collections;
    private boolean closed;

    void show(Watched started) {
        node = started;
    }

    /** Before there is anything else to say. */
    private record Starting() implements Watched {
        @Override
        public String title() {
            return "a node that starts";
        }

        @Override
        public String deadBecause() {
            return "";
        }

        @Override
        public String unreadyBecause() {
            return "it starts";
        }

        @Override
        public void measure(MeterRegistry meters) {}
    }

    /** An answer to a GET. */
    record Sight(int status, String type, String body) {
        static Sight text(int status, String body) {
            return new Sight(status, TEXT, body + "\n");
        }
    }

    Sight at(String path) {
        return switch (path) {
            case "/" -> Sight.text(200, node.title() + "\n/live\n/ready\n/metrics");
            case "/live" -> verdict("live", node.deadBecause());
            case "/ready" -> {
                String dead = node.deadBecause();
                yield verdict("ready", dead.isEmpty() ? node.unreadyBecause() : dead);
            }
            case "/metrics" -> new Sight(200, PROMETHEUS, scrape());
            default -> Sight.text(404, "there is nothing at " + path + ", only at /live, /ready and /metrics");
        };
    }

    private static Sight verdict(String good, String why) {
        return why.isEmpty() ? Sight.text(200, good) : Sight.text(503, why);
    }

    private synchronized String scrape() {
        if (closed) {
            return "";
        }
        PrometheusMeterRegistry there = meters == null ? make() : meters;
        node.measure(there);
        return there.scrape();
    }

    private PrometheusMeterRegistry make() {
        PrometheusMeterRegistry made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        meters = made;
        collections = new JvmGcMetrics();
        collections.bindTo(made);
        new JvmMemoryMetrics().bindTo(made);
        new JvmThreadMetrics().bindTo(made);
        new ProcessorMetrics().bindTo(made);
        new FileDescriptorMetrics().bindTo(made);
        new UptimeMetrics().bindTo(made);
        return made;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (collections != null) {
            collections.close();
        }
        if (meters != null) {
            meters.close();
        }
    }
}
