package dev.berth.node.launch;

import dev.berth.core.cluster.Incarnation;

/** What a launcher is to do. */
sealed interface FleetAction {
    record Spawn(String name, int life) implements FleetAction {}

    /** Asks to end: SIGTERM to the process, or to its group if that is all that is left. */
    record Terminate(String name, int life) implements FleetAction {}

    /** SIGKILL to the whole group. */
    record Kill(String name, int life) implements FleetAction {}

    /** This incarnation is over, which may be said to every master (rule 22). */
    record Certify(String name, Incarnation incarnation) implements FleetAction {}

    /** Where a node is by now, and why; said at each change, and for all of them when somebody asks. */
    record Became(String name, ShipState state, String why) implements FleetAction {}

    /** A line for people. */
    record Say(String line) implements FleetAction {}

    /** Nothing runs any more. */
    record Finished(int exitCode) implements FleetAction {}
}
