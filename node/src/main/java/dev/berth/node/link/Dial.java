package dev.berth.node.link;

/** An attempt to connect. Any thread. */
public interface Dial {
    /** Gives up, or closes the pipe if it has just opened; {@link PipeEars#closed} comes with this cause. */
    void cancel(String cause);
}
