package dev.berth.lab.sim.node;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.lab.sim.net.Frame;
import org.jspecify.annotations.Nullable;

/** Counts what views cost. One thread. */
public final class Tally {
    private @Nullable Frame last;
    private long deltas;
    private long deltaBytes;
    private long records;
    private long recordBytes;

    /** A frame leaves a master; one that goes to many counts once. */
    void sent(Frame frame) {
        if (frame != last
                && frame.sent() instanceof ClusterMessage.ViewDeltas views
                && views.deltas().size() == 1) {
            last = frame;
            deltas++;
            deltaBytes += frame.length();
        }
    }

    void recorded(byte[] view) {
        records++;
        recordBytes += view.length;
    }

    public long deltas() {
        return deltas;
    }

    public long deltaBytes() {
        return deltaBytes;
    }

    public long records() {
        return records;
    }

    public long recordBytes() {
        return recordBytes;
    }
}
