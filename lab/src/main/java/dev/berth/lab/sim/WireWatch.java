package dev.berth.lab.sim;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.lab.sim.check.Actor;
import dev.berth.lab.sim.check.Checks;
import dev.berth.lab.sim.net.Frame;
import dev.berth.lab.sim.net.Line;
import dev.berth.lab.sim.net.Network;

/** Keeps the book of leases from the frames that leave and reach members. One thread. */
record WireWatch(Checks checks) implements Network.Watcher {
    @Override
    public void sent(Line from, Frame frame) {
        if (frame.sent() instanceof ClusterMessage.Beat beat && from.process() instanceof Actor actor) {
            checks.beatSent(actor, beat.seq());
        }
    }

    @Override
    public void landed(Line to, Frame frame) {
        if (frame.sent() instanceof ClusterMessage.Answer answer
                && answer.leaseNanos() > 0
                && to.process() instanceof Actor actor
                && answer.to().equals(actor.self())) {
            checks.leaseHeard(actor, answer.seq(), answer.leaseNanos());
        }
    }
}
