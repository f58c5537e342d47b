package dev.berth.node.launch;

import dev.berth.core.cluster.ClusterMessage;

/** What somebody who rolls nodes hears. */
sealed interface RollEvent {
    record Begin() implements RollEvent {}

    /** Where a node of the launcher is by now, and why it got there. */
    record Became(String name, ShipState state, String why) implements RollEvent {}

    /** The leading master has said how the cluster is. */
    record Seen(ClusterMessage.Status status) implements RollEvent {}

    /** No leading master has answered a look or a drain. */
    record Unseen(String cause) implements RollEvent {}

    /** What became of the drain that was asked for. */
    record Decided(boolean accepted, String reason) implements RollEvent {}

    /** The node's new jar could not be put down for it. */
    record Unequipped(String cause) implements RollEvent {}

    /** Who asked for the roll has gone: the node at hand is brought back, no other is begun. */
    record Abandoned(String cause) implements RollEvent {}

    /** The launcher itself stops. */
    record Sinking() implements RollEvent {}
}
