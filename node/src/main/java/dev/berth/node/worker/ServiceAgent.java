package dev.berth.node.worker;

import dev.berth.core.PublicApi;

/**
 * What the author of a service writes for its callers (S2.8): it knows which instance a call belongs to, so that they see one
 * service with methods of its own. It lives in each caller's node ({@link Node#join}) and is told who serves; a runtime table is
 * not its business.
 *
 * {@snippet :
 * final class Roles implements ServiceAgent {
 *     private volatile Connections roles = Connections.NONE;
 *
 *     public void join(Connections connections, int capacity) {
 *         roles = connections;
 *     }
 *
 *     public long gold(long uid) {
 *         return Long.parseLong(roles.of(uid).call(Bytes.utf8("gold " + uid), Duration.ofSeconds(5)).utf8());
 *     }
 * }
 * }
 *
 * Its methods are called one at a time, in the order of the views, on a virtual thread that may block; while one blocks, later
 * ones of this node wait. What one throws is logged, and ends nothing.
 */
@PublicApi
@FunctionalInterface
public interface ServiceAgent {
    /**
     * Another instance serves, or one does no longer. All agents of a service, in all nodes, hear the same for the same view.
     *
     * @param connections all of them, with a gap where nobody serves at present
     * @param capacity how many there are at most: never changes while the service exists (of a bucketed service, its buckets)
     */
    void join(Connections connections, int capacity);

    /** A bucketed service has another number of slots now; which bucket a key belongs to has not changed. */
    default void resized(int before, int now) {}
}
