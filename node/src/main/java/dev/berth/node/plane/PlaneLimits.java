package dev.berth.node.plane;

import dev.berth.core.call.AdmissionLimits;
import dev.berth.core.call.CallLimits;
import dev.berth.core.call.LinkLimits;
import dev.berth.core.machine.Backoff;

/**
 * What a plane allows. Any thread.
 *
 * @param admission of the connection with another node
 * @param own of that of the node with itself: what all its own callers have under way at its own slots
 * @param redial the wait between two dials of one peer
 */
public record PlaneLimits(
        CallLimits calls, AdmissionLimits admission, AdmissionLimits own, LinkLimits link, Backoff redial) {
    /** The usual limits; peers are dialed again after 20 ms to 2 s. */
    public static final PlaneLimits DEFAULT = new PlaneLimits(
            CallLimits.DEFAULT,
            AdmissionLimits.DEFAULT,
            AdmissionLimits.DEFAULT.withInbox(16_384),
            LinkLimits.DEFAULT,
            new Backoff(20_000_000L, 2_000_000_000L));
}
