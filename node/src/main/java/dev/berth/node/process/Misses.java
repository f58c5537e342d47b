package dev.berth.node.process;

/** A behavior that wants to know when a message for it is lost at this node, for want of room or time. For parts of Berth itself. */
public interface Misses {
    /** On the node's loop, and not in turn: it must not wait, nor touch what belongs to the process. */
    void missed();
}
