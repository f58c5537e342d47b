package dev.berth.node.worker;

import dev.berth.node.member.SlotHost.Report;
import dev.berth.node.plane.Work;

/** What runs one slot under one grant. Any thread calls it; nothing here may block. */
public interface SlotWork {
    Slot slot();

    /** Whether messages are run; before, they wait. */
    boolean serves();

    /** A message was admitted. */
    void put(Work work);

    /** Brings the slot to serve; what comes of it is said to the report. */
    void load(Report report);

    void serve();

    /** The node may not act: nothing new is run until {@link #resume}. */
    void suspend();

    void resume();

    /** What runs is the last; what waits goes back. */
    void quiesce(Runnable done);

    /** Makes durable what is not yet; after {@link #quiesce}. */
    void flush(Report report);

    /** The slot is somebody else's: nothing of it runs any more. */
    void drop(String cause);
}
