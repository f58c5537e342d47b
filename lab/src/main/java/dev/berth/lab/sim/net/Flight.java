package dev.berth.lab.sim.net;

import dev.berth.lab.sim.kernel.Event;
import org.jspecify.annotations.Nullable;

// One object serves as the arrival at the machine and then as the work of the process, which may be held in between.

/** A frame, or the end of a stream, under way to one side of a connection. One thread. */
final class Flight implements Event {
    private final Network network;
    private final Line to;
    private final @Nullable Frame frame;
    private final String cause;
    private boolean arrived;

    private Flight(Network network, Line to, @Nullable Frame frame, String cause) {
        this.network = network;
        this.to = to;
        this.frame = frame;
        this.cause = cause;
    }

    static Flight of(Network network, Line to, Frame frame) {
        return new Flight(network, to, frame, "");
    }

    /** The end of the stream travels behind what was sent before. */
    static Flight end(Network network, Line to, String cause) {
        return new Flight(network, to, null, cause);
    }

    Line to() {
        return to;
    }

    @Nullable
    Frame frame() {
        return frame;
    }

    @Override
    public void fire() {
        if (arrived) {
            land();
        } else if (network.arrives(this)) {
            arrived = true;
            to.process().post(this);
        }
    }

    private void land() {
        if (frame == null) {
            to.over(cause);
        } else {
            network.landed(to, frame);
        }
    }
}
