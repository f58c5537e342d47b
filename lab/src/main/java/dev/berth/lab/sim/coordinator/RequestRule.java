package dev.berth.lab.sim.coordinator;

import dev.berth.lab.sim.host.Process;
import java.util.ArrayDeque;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Gives requests of a script's choice a fate, or holds them before they are executed until released. One thread. */
public final class RequestRule {
    private final BiPredicate<Process, RequestKind> picker;
    private final @Nullable Fate fate;
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private int left;

    private RequestRule(BiPredicate<Process, RequestKind> picker, @Nullable Fate fate, int atMost) {
        this.picker = picker;
        this.fate = fate;
        this.left = atMost;
    }

    /** @param picker is shown who asks, and the kind of request */
    public static RequestRule fate(BiPredicate<Process, RequestKind> picker, Fate fate, int atMost) {
        return new RequestRule(picker, fate, atMost);
    }

    public static RequestRule hold(BiPredicate<Process, RequestKind> picker, int atMost) {
        return new RequestRule(picker, null, atMost);
    }

    public int held() {
        return held.size();
    }

    boolean picks(Process asker, RequestKind kind) {
        if (left == 0 || !picker.test(asker, kind)) {
            return false;
        }
        left--;
        return true;
    }

    @Nullable
    Fate fate() {
        return fate;
    }

    void hold(Runnable execution) {
        held.addLast(execution);
    }

    void releaseAll() {
        left = 0;
        while (!held.isEmpty()) {
            held.removeFirst().run();
        }
    }
}
