package dev.berth.node.link;

/** What hangs on a {@link Wharf}: a pipe, or a connection that is to become one. On its event loop only. */
interface Moored {
    /** Ends it, for this reason; more than once does no harm. */
    void end(String cause);

    /** A quarter of the silence that is tolerated has passed. */
    void tick();
}
