package dev.berth.node.worker;

import dev.berth.core.call.Address;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.wire.Prose;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each call that did not end as Done, but not thousands in a second. One thread: the node's loop. */
final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);
    private static final int LINES_MAX = 10;
    private static final long PERIOD_NANOS = 1_000_000_000L;

    private long sinceNanos;
    private int lines;
    private long silent;

    void say(long nowNanos, String id, Request request, Outcome<?> outcome) {
        if (nowNanos - sinceNanos > PERIOD_NANOS) {
            if (silent > 0) {
                LOG.info("{} calls more did not end as Done; the latest: {}", silent, id);
            }
            sinceNanos = nowNanos;
            lines = 0;
            silent = 0;
        }
        if (lines < LINES_MAX) {
            lines++;
            SlotId to = request.to();
            Object whom = to == null ? "process " + new Address(request.address()) : to;
            LOG.info("call {} of {} ended as {}", id, whom, Prose.upTo(200, outcome.toString()));
        } else {
            silent++;
        }
    }
}
