package dev.berth.node.process;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What only few processes have. Fields without a lock belong to whoever runs the process. */
final class Extras {
    private static final int TIDY_MIN = 16;

    Restart restart = Processes.GO_ON;

    @Nullable
    Function<Self<Object>, Behavior<Object>> made;

    volatile String name = "";

    @Nullable
    String stopCause;

    private long[] restarts = {};
    private int restarted;
    private @Nullable List<Monitor> monitors = new ArrayList<>();
    private int tidyAt = TIDY_MIN;
    private String ended = "";
    private int guests;

    /** Counts one more, if the policy allows it. */
    boolean mayRestart(Restart.Anew policy, long nowNanos) {
        if (restarts.length == 0) {
            restarts = new long[policy.most()];
        }
        int place = restarted % restarts.length;
        if (restarted >= restarts.length
                && nowNanos - restarts[place] < policy.within().toNanos()) {
            return false;
        }
        restarts[place] = nowNanos;
        restarted++;
        return true;
    }

    /** Any thread. */
    void monitor(Monitor monitor) {
        synchronized (this) {
            if (monitors != null) {
                if (monitors.size() >= tidyAt) {
                    // Whoever lives long is watched by many who do not.
                    monitors.removeIf(Monitor::isVoid);
                    tidyAt = Math.max(TIDY_MIN, 2 * monitors.size());
                }
                monitors.add(monitor);
                return;
            }
        }
        monitor.tell(ended);
    }

    void tellMonitors(String cause) {
        List<Monitor> all;
        synchronized (this) {
            all = monitors == null ? List.of() : monitors;
            monitors = null;
            ended = cause;
        }
        all.forEach(monitor -> monitor.tell(cause));
    }

    // ---- A reentrant process that waits: those for whom it waits run its code meanwhile, on their threads

    @Nullable
    <T> T asGuest(Supplier<@Nullable T> visit) {
        synchronized (this) {
            guests++;
        }
        try {
            return visit.get();
        } finally {
            synchronized (this) {
                guests--;
                notifyAll();
            }
        }
    }

    /** The answer is there, or the deadline; it goes on when nobody else runs its code. */
    synchronized void awaitGuests() {
        boolean interrupted = false;
        while (guests > 0) {
            try {
                wait();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
