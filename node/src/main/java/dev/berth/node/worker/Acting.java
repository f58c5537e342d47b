package dev.berth.node.worker;

import dev.berth.core.cluster.Grant;
import dev.berth.node.plane.Work;
import org.jspecify.annotations.Nullable;

/** On whose behalf a thread runs: what it sends is the slot's, and waits no longer than whoever asked the slot. */
public interface Acting {
    ScopedValue<Acting> CURRENT = ScopedValue.newInstance();

    Grant grant();

    /** What the handler that runs now was called with; null if nobody called. */
    @Nullable
    Work atHand();
}
