package dev.berth.node.member;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.View;
import dev.berth.node.plane.Application;
import java.util.List;

/**
 * The node's slots and whatever else acts by its views. Called on the member's thread or the plane's loop, except where it says
 * so; must not block: what takes time is done elsewhere and reported by {@link Report}.
 */
public interface SlotHost extends Application {
    /** What a slot's work says when it is done. Any thread; once. */
    interface Report {
        void done();

        void failed(String cause);
    }

    /** The slot is up: bring it to serve. It has been fenced. */
    void load(Grant grant, int capacity, Report report);

    /** It may soon come here by a drain: get ready, unfenced. */
    default void preload(Grant grant) {}

    /** Calls come from now on. */
    void serve(Grant grant);

    /** All who may act have applied the view in which it runs. */
    default void runDone(Grant grant) {}

    /** No new call comes; report when the last running handler has ended. */
    void quiesce(Grant grant, Runnable done);

    /** Make durable what the slot has changed. */
    void flush(Grant grant, Report report);

    /** It is not ours any more, or never came to be; drop everything that is known of it. */
    void drop(Grant grant, String cause);

    /** The node may not act; handlers that run stop at their next call into the runtime. */
    default void suspended(String cause) {}

    default void resumed() {}

    /**
     * The node acts by this view now; in order.
     *
     * @param steps how it came from the view before to this one, without a gap
     */
    default void installed(View view, List<ViewStep> steps) {}

    /** Whoever this view does not list has surely stopped acting. */
    default void closed(View view) {}

    /** The member is over for good; nothing of the node acts any more. */
    void over(String cause);
}
