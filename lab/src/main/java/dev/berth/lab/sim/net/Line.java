package dev.berth.lab.sim.net;

import dev.berth.lab.sim.host.Process;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One side of a connection: what it sends arrives at its peer in order, or not at all. One thread. */
public final class Line {
    /** OPENING: frames can be sent and wait. GONE: closed by this side, or this side knows that the other is gone. */
    private enum State {
        OPENING,
        OPEN,
        GONE,
    }

    private final Network network;
    private final long number;
    private final Process process;
    private final boolean datagrams;
    private final ArrayDeque<Flight> stalled = new ArrayDeque<>();
    private @Nullable Line peer;
    private @Nullable Ear ear;
    private State state = State.OPENING;
    private boolean broken;
    private long lastDue;
    private long stalledSince;

    Line(Network network, long number, Process process, boolean datagrams) {
        this.network = network;
        this.number = number;
        this.process = process;
        this.datagrams = datagrams;
    }

    void join(Line other) {
        peer = other;
    }

    void listen(Ear listener) {
        ear = listener;
    }

    /** Never used twice in a world; the two sides of a connection have different numbers. */
    public long number() {
        return number;
    }

    public Process process() {
        return process;
    }

    public Line peer() {
        if (peer == null) {
            throw new IllegalStateException("line " + number + " has no peer yet");
        }
        return peer;
    }

    public boolean isGone() {
        return state == State.GONE;
    }

    public boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isDatagrams() {
        return datagrams;
    }

    /** Whether nothing travels to or from here any more, although this side may not know yet. */
    boolean isBroken() {
        return broken;
    }

    void breakOff() {
        broken = true;
        stalled.clear();
    }

    /** Hands a frame to the kernel; whether it arrives is another matter. On a line that is gone nothing happens. */
    public void send(Frame frame) {
        if (state != State.GONE) {
            network.carry(this, Flight.of(network, peer(), frame));
        }
    }

    /** Ends the connection after what was sent; this side hears nothing more. */
    public void close(String cause) {
        if (state != State.GONE) {
            state = State.GONE;
            network.carry(this, Flight.end(network, peer(), cause));
        }
    }

    void up() {
        if (state == State.OPENING) {
            state = State.OPEN;
            ear().opened(this);
            network.unstall(this);
        }
    }

    void hear(Frame frame) {
        if (state != State.GONE) {
            ear().heard(this, frame);
        }
    }

    /** Tells the process that the connection has ended; it must be called as its work. */
    void over(String cause) {
        if (state != State.GONE) {
            vanish();
            if (ear != null) {
                ear.closed(this, cause);
            }
        }
    }

    /** This side is gone without anybody being told. */
    void vanish() {
        state = State.GONE;
        stalled.clear();
    }

    private Ear ear() {
        if (ear == null) {
            throw new IllegalStateException("line " + number + " has no ear yet");
        }
        return ear;
    }

    ArrayDeque<Flight> stalled() {
        return stalled;
    }

    long stalledSince() {
        return stalledSince;
    }

    void stall(Flight flight, long now) {
        if (stalled.isEmpty()) {
            stalledSince = now;
        }
        stalled.addLast(flight);
    }

    /** When the next thing sent here may arrive at the earliest, so that nothing overtakes. */
    long queueAt(long due) {
        lastDue = Math.max(lastDue, due);
        return lastDue;
    }
}
