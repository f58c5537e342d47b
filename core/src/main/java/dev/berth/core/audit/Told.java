package dev.berth.core.audit;

import dev.berth.core.cluster.SlotId;

/** A call that was answered: who asked whom for what, when, and what was the answer. Any thread. */
record Told(String who, SlotId slot, String what, long askedNanos, long toldNanos, Count count) {
    @Override
    public String toString() {
        return who + " asked " + slot + " at " + seconds(askedNanos) + " to " + what + " and was told " + count + " at "
                + seconds(toldNanos);
    }

    static String seconds(long nanos) {
        long micros = nanos / 1_000;
        return micros / 1_000_000 + "."
                + Long.toString(1_000_000 + micros % 1_000_000).substring(1) + " s";
    }
}
