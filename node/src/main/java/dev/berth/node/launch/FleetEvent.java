package dev.berth.node.launch;

import dev.berth.core.cluster.Incarnation;

/** What a launcher hears. {@code life} counts how often the node has been started; what concerns an earlier one is stale. */
sealed interface FleetEvent {
    record Begin() implements FleetEvent {}

    /** The node has said that it serves. */
    record Serves(String name, int life) implements FleetEvent {}

    /** The node has said under which incarnation it is listed. */
    record Listed(String name, int life, Incarnation incarnation) implements FleetEvent {}

    /** The process has been waited for, or could not be started. */
    record Exited(String name, int life, String how) implements FleetEvent {}

    /** The process has been waited for, but has left others in its group. */
    record Leftover(String name, int life) implements FleetEvent {}

    /** The process has been waited for, and its group is empty. */
    record Emptied(String name, int life) implements FleetEvent {}

    /** The node is to be stopped and started, whatever it is doing. */
    record Restart(String name) implements FleetEvent {}

    /** Somebody wants to know where each node is. */
    record Muster() implements FleetEvent {}

    record Stop(String cause) implements FleetEvent {}
}
