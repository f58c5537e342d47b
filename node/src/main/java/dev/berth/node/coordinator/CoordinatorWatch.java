package dev.berth.node.coordinator;

import dev.berth.node.lookout.Watched;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;

/** What a coordinator's lookout shows. Any thread. */
record CoordinatorWatch(CoordinatorServer server) implements Watched {
    private static final long PATIENCE_MILLIS = 900;

    @Override
    public String title() {
        return "coordinator " + server.address();
    }

    /** It ends its process by itself when it cannot go on. */
    @Override
    public String deadBecause() {
        return "";
    }

    @Override
    public String unreadyBecause() {
        try {
            return server.awaitServing(PATIENCE_MILLIS) ? "" : "it has no majority of the servers";
        } catch (IOException broken) {
            return "it cannot be reached: " + broken.getMessage();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return "it is ending";
        }
    }

    @Override
    public void measure(MeterRegistry meters) {
        Gauge.builder(
                        "berth.coordinator.serves",
                        this,
                        watch -> watch.unreadyBecause().isEmpty() ? 1 : 0)
                .description("1 while a client of it is served")
                .strongReference(true)
                .register(meters);
    }
}
