package dev.berth.node.launch;

import dev.berth.core.cluster.NodeId;

/** What is to be done for a roll. */
sealed interface RollAction {
    /** Asks the launcher to tell where each of its nodes is, and from then on each change. */
    record Muster() implements RollAction {}

    /** Asks the leading master once how the cluster is; answered by Seen or Unseen. */
    record Look() implements RollAction {}

    /** Asks for the node to be drained, or for an end of that; the former is answered by Decided or Unseen. */
    record Drain(NodeId node, boolean on) implements RollAction {}

    /** Puts down what the node runs from now on, if that is another jar, and has it stopped and started. */
    record Restart(String name) implements RollAction {}

    /** A line for people. */
    record Say(String line) implements RollAction {}

    record Finished(RollEnd end) implements RollAction {}
}
