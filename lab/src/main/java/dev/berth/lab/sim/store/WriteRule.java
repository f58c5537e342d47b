package dev.berth.lab.sim.store;

import dev.berth.core.cluster.Grant;
import dev.berth.lab.sim.host.Process;
import java.util.ArrayDeque;

/** Holds requests of a script's choice on their way to the store. One thread. */
public final class WriteRule {
    /** Picks requests by who asks, the kind (FENCE, APPEND, LOAD) and the grant under which it asks. */
    @FunctionalInterface
    public interface Picker {
        boolean picks(Process asker, String kind, Grant grant);
    }

    private final Picker picker;
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private int left;

    public WriteRule(Picker picker, int atMost) {
        this.picker = picker;
        this.left = atMost;
    }

    public int held() {
        return held.size();
    }

    boolean picks(Process asker, String kind, Grant grant) {
        if (left == 0 || !picker.picks(asker, kind, grant)) {
            return false;
        }
        left--;
        return true;
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
