package dev.berth.node.launch;

import dev.berth.core.machine.Backoff;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How a launcher treats its nodes. Any thread.
 *
 * @param ships the nodes, in any order
 * @param graceNanos from asking a node to end until it is killed; too short: no flush, no farewell to the master
 * @param quickNanos a life that is shorter counts as a quick death; too long: accidents of a day add up
 * @param deathsMax quick deaths in a row after which a node stays down
 * @param killsMax SIGKILLs after which a node that does not vanish is left alone
 * @param backoff from a death to the next start
 * @param progressNanos after which something that takes long is mentioned, and then after twice, four times ... as long
 */
record FleetConfig(
        List<Ship> ships,
        long graceNanos,
        long quickNanos,
        int deathsMax,
        int killsMax,
        Backoff backoff,
        long progressNanos) {
    /** A node and where its output goes. */
    record Ship(String name, NodeKind kind, String log) {}

    static FleetConfig of(List<Ship> ships, long graceNanos) {
        return new FleetConfig(
                ships,
                graceNanos,
                TimeUnit.SECONDS.toNanos(10),
                5,
                5,
                new Backoff(TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.SECONDS.toNanos(10)),
                TimeUnit.SECONDS.toNanos(2));
    }

    FleetConfig {
        ships = List.copyOf(ships);
    }
}
