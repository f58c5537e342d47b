package dev.berth.lab.sim.net;

import dev.berth.lab.sim.host.Process;
import java.util.ArrayDeque;

// Scripts and tests take single messages out of the air with rules: held ones wait in the rule until they are released.

/** What is done to the messages that somebody picks. One thread. */
public final class Rule {
    /** Picks messages. */
    @FunctionalInterface
    public interface Picker {
        boolean picks(Process from, Process to, Object message);
    }

    /** What happens to those picked. */
    public enum Treatment {
        /** They wait; what follows on the same stream waits behind them. */
        HOLD,
        /** They wait, and what follows passes by. */
        HOLD_ALONE,
        LOSE,
        DOUBLE,
    }

    private final Picker picker;
    private final Treatment treatment;
    private final ArrayDeque<Flight> held = new ArrayDeque<>();
    private int left;
    private int picked;

    Rule(Picker picker, Treatment treatment, int atMost) {
        this.picker = picker;
        this.treatment = treatment;
        this.left = atMost;
    }

    /** How many it has picked so far. */
    public int picked() {
        return picked;
    }

    public int held() {
        return held.size();
    }

    Treatment treatment() {
        return treatment;
    }

    boolean picks(Line from, Frame frame) {
        if (left == 0 || !picker.picks(from.process(), from.peer().process(), frame.sent())) {
            return false;
        }
        left--;
        picked++;
        return true;
    }

    void stop() {
        left = 0;
    }

    void hold(Flight flight) {
        held.addLast(flight);
    }

    ArrayDeque<Flight> flights() {
        return held;
    }
}
