package dev.berth.node.process;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What only few processes have. Fields without a lock belong to whoever runs the process. */
final class Extras {
    private static final int TIDY_MIN = 16;
    /** Whoever comes later is told at once, as if it had ended. */
    private static final int MONITORS_MAX = 1 << 16;

    Restart restart = Processes.GO_ON;

    @Nullable
    Function<Self<Object>, Behavior<Object>> made;

    volatile String name = "";

    @Nullable
    String stopCause;

    private long[] restarts = {};
    private int restarted;
    private @Nullable List<Watcher> monitors = new ArrayList<>();
    private int tidyAt = TIDY_MIN;
    private String ended = "";

    /** Of a reentrant process. */
    volatile @Nullable Baton baton;

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
    void monitor(Watcher monitor) {
        String now = "it has " + MONITORS_MAX + " monitors already";
        synchronized (this) {
            if (monitors == null) {
                now = ended;
            } else {
                if (monitors.size() >= tidyAt) {
                    // Whoever lives long is watched by many who do not.
                    monitors.removeIf(Watcher::isVoid);
                    tidyAt = Math.max(TIDY_MIN, 2 * monitors.size());
                }
                if (monitors.size() < MONITORS_MAX) {
                    monitors.add(monitor);
                    return;
                }
            }
        }
        monitor.tell(now);
    }

    void tellMonitors(String cause) {
        List<Watcher> all;
        synchronized (this) {
            all = monitors == null ? List.of() : monitors;
            monitors = null;
            ended = cause;
        }
        all.forEach(monitor -> monitor.tell(cause));
    }
}
