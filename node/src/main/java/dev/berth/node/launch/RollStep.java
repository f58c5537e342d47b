package dev.berth.node.launch;

import dev.berth.core.cluster.Incarnation;

/** How far a roll is with the node at hand. */
sealed interface RollStep {
    /** The launcher's nodes have not all been heard of. */
    record Mustering() implements RollStep {}

    /** Who is next, and whether it may go, is to be found out. */
    record Choosing() implements RollStep {}

    /**
     * Its slots move away.
     *
     * @param life whose slots those are
     * @param agreed whether a view has the drain
     * @param emptySince the first view in which it owns nothing, or 0
     */
    record Draining(RollConfig.Hand hand, Incarnation life, boolean agreed, long emptySince) implements RollStep {}

    /**
     * It is stopped and started.
     *
     * @param before its life until now; none if it is no member
     * @param drainNanos how long it was drained
     * @param restarted whether its new process runs
     */
    record Away(RollConfig.Hand hand, Incarnation before, long drainNanos, boolean restarted) implements RollStep {}

    /**
     * It serves, and gets what it may have.
     *
     * @param awayNanos how long it was away
     * @param held how many slots or buckets it had at the last look, or -1
     * @param heldNanos since when it has had so many
     */
    record Returning(
            RollConfig.Hand hand, Incarnation before, long drainNanos, long awayNanos, int held, long heldNanos)
            implements RollStep {}

    record Over() implements RollStep {}

    /** For people. */
    default String doing() {
        return switch (this) {
            case Mustering _ -> "the launcher's nodes are looked at";
            case Choosing _ -> "the next node waits";
            case Draining draining -> draining.hand().name() + " is still being drained";
            case Away away -> away.hand().name() + (away.restarted() ? " is still starting" : " is still ending");
            case Returning returning -> returning.hand().name() + " is still getting its slots";
            case Over _ -> "nothing";
        };
    }
}
