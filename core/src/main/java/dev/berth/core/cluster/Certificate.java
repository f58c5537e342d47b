package dev.berth.core.cluster;

import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;

/**
 * Proof that a life of a node is over (rule 22). It replaces the waiting for the lease, never barrier or fence. Any thread.
 *
 * @param launcher who says so; must be the launcher named in the join
 */
public record Certificate(
        @Field(value = 1, max = ServiceName.MAX) String name,
        @Field(2) Incarnation incarnation,
        @Field(value = 3, max = ServiceName.MAX) String launcher,
        @Field(4) Proof proof) {

    /** What was observed. A reset connection, a kill that was sent or a missed beat is no proof and has no name here. */
    public enum Proof {
        /** The parent has waited for the process and its process group is empty. */
        @Code(1)
        WAITED,
        /** The container runtime of the same host has waited for it. */
        @Code(2)
        CONTAINER_ENDED,
        /** The same machine has a new boot id. */
        @Code(3)
        REBOOTED,
        /** The cloud says that the machine is terminated. */
        @Code(4)
        TERMINATED,
    }
}
