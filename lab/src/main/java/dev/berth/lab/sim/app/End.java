package dev.berth.lab.sim.app;

import dev.berth.core.call.Admission;
import dev.berth.core.call.Link;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.lab.sim.net.Ear;
import dev.berth.lab.sim.net.Frame;
import dev.berth.lab.sim.net.Line;
import org.jspecify.annotations.Nullable;

/** One side of a connection between two nodes, from the dial or the accept to its end. One thread: its process. */
final class End implements Ear {
    final Traffic traffic;
    final Link link;
    /** Whom it dialed, or who turned out to be at the other side. */
    Incarnation peer;

    long connection;

    @Nullable
    Line line;

    @Nullable
    Admission admission;

    boolean open = true;

    End(Traffic traffic, Link link, Incarnation peer, long connection) {
        this.traffic = traffic;
        this.link = link;
        this.peer = peer;
        this.connection = connection;
    }

    void write(PeerMessage message) {
        traffic.write(this, message);
    }

    @Override
    public void opened(Line itsLine) {
        line = itsLine;
        traffic.opened(this);
    }

    @Override
    public void heard(Line itsLine, Frame frame) {
        traffic.heard(this, frame);
    }

    @Override
    public void closed(Line itsLine, String cause) {
        traffic.closed(this);
    }

    /** Nothing of it waits any more. */
    boolean isSpent() {
        return !open && (admission == null || admission.isEmpty());
    }
}
