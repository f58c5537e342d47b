package dev.berth.core.cluster;

import dev.berth.core.wire.Code;

/** Why a join is refused. */
public enum Refusal {
    /** Every slot it offers to own has a healthy owner (S2.17). */
    @Code(1)
    NO_VACANCY,
    /** A living member has this name. */
    @Code(2)
    NAME_TAKEN,
    /** A living member has this node id (S4.4). */
    @Code(3)
    ID_TAKEN,
    /** It offers a service that the cluster does not plan. */
    @Code(4)
    UNKNOWN_SERVICE,
    /** No node id is free. */
    @Code(5)
    CLUSTER_FULL,
    /** The view would not fit the coordinator any more. */
    @Code(6)
    VIEW_FULL,
}
