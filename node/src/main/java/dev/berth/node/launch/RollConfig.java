package dev.berth.node.launch;

import dev.berth.core.cluster.Offer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is to be rolled, and how. Any thread.
 *
 * @param hands all nodes of the launcher, in the order of its plan
 * @param wanted names of those to roll; empty for all but a coordinator that is alone
 * @param drains whether slots are moved away before a node is stopped; if not, their callers wait while it is away
 * @param masters whether there are masters that can be asked
 * @param stepNanos how long draining, and coming back, may each take; too short: a slow load fails the roll
 * @param lookNanos between two looks at the cluster
 * @param quietNanos how long a node that is back must keep what it has before the next one goes; too short: it goes
 *     while slots are still about to move
 * @param progressNanos after which something that takes long is mentioned, and then after twice, four times ... as long
 */
record RollConfig(
        List<Hand> hands,
        List<String> wanted,
        boolean drains,
        boolean masters,
        long stepNanos,
        long lookNanos,
        long quietNanos,
        long progressNanos) {
    /**
     * A node.
     *
     * @param master its name among the masters if it is one, m1, m2 and so on
     * @param offers what it offers to own, also while it stands by and no view lists it
     */
    record Hand(String name, NodeKind kind, String master, String log, List<Offer> offers) {
        Hand {
            offers = List.copyOf(offers);
        }
    }

    static RollConfig of(List<Hand> hands, RollOrder order, boolean masters) {
        return new RollConfig(
                hands,
                order.nodes(),
                order.drains(),
                masters,
                order.within().toNanos(),
                TimeUnit.MILLISECONDS.toNanos(100),
                TimeUnit.SECONDS.toNanos(1),
                TimeUnit.SECONDS.toNanos(2));
    }

    RollConfig {
        hands = List.copyOf(hands);
        wanted = List.copyOf(wanted);
    }
}
