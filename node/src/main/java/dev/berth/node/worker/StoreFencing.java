package dev.berth.node.worker;

import dev.berth.core.cluster.Grant;
import dev.berth.core.store.StoreMessage.FenceHeld;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.store.StoreRefusal;
import dev.berth.node.member.Fencing;
import dev.berth.node.store.StoreClient;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** Fences in a store node, asserted until it answers. Any thread. */
record StoreFencing(StoreClient store, EventLoop loop) implements Fencing {
    private static final long RETRY_MILLIS = 50;

    @Override
    public void assertFence(Grant grant, Answer answer) {
        var _ = store.fence(grant).thenAccept(outcome -> answered(grant, outcome, answer));
    }

    private void answered(Grant grant, StoreOutcome<FenceHeld> outcome, Answer answer) {
        switch (outcome) {
            case StoreOutcome.Done<FenceHeld> _ -> answer.taken();
            case StoreOutcome.Refused<FenceHeld>(StoreRefusal.Fenced(long storedEpoch)) -> answer.refused(storedEpoch);
            case StoreOutcome.Refused<FenceHeld>(StoreRefusal.FencesFull _) -> answer.refused(0);
            case StoreOutcome.Refused<FenceHeld> _, StoreOutcome.Unknown<FenceHeld> _ -> {
                var _ = loop.schedule(() -> assertFence(grant, answer), RETRY_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }
}
