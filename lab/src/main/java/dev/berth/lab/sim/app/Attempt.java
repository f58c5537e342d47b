package dev.berth.lab.sim.app;

import dev.berth.core.audit.Answers;
import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a caller remembers of a call: comes back with its outcome. One thread: its process. */
final class Attempt {
    final SlotId slot;
    final int key;
    final @Nullable OperationId operation;
    final Consumer<Boolean> ended;

    @Nullable
    Incarnation lastPeer;

    @Nullable
    Grant lastGrant;

    Answers.@Nullable Asked asked;

    /** @param ended is told whether the call was Done */
    Attempt(SlotId slot, int key, @Nullable OperationId operation, Consumer<Boolean> ended) {
        this.slot = slot;
        this.key = key;
        this.operation = operation;
        this.ended = ended;
    }

    void sent(Incarnation peer, @Nullable Grant grant) {
        lastPeer = peer;
        lastGrant = grant;
    }
}
