package dev.berth.node.store;

import dev.berth.core.store.StoreMessage.AskStoreStatus;
import dev.berth.core.store.StoreMessage.AssertFence;
import dev.berth.core.store.StoreMessage.FromStore;
import dev.berth.core.store.StoreMessage.Load;
import dev.berth.core.store.StoreMessage.StoreRefused;
import dev.berth.core.store.StoreMessage.ToStore;
import dev.berth.core.store.StoreMessage.Unsure;
import dev.berth.core.store.StoreMessage.Write;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.store.StoreRefusal;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client, from its asking to its end. It ends once.
 *
 * @param due when the store is given up over it
 * @param room that it takes until it ends
 * @param writer that it belongs to: asked before it is sent, and told how it ended; null without one
 */
record Errand<T>(
        ToStore request,
        Class<T> answer,
        long due,
        Room room,
        @Nullable SlotWriter writer,
        CompletableFuture<StoreOutcome<T>> future) {
    /** What a request takes beside its contents. */
    private static final int OVERHEAD = 128;

    int bytes() {
        return switch (request) {
            case Write write ->
                OVERHEAD + write.key().length() + write.content().length();
            case AssertFence _, Load _, AskStoreStatus _ -> OVERHEAD;
        };
    }

    boolean isLoad() {
        return request instanceof Load;
    }

    /** False if this is no answer to such a request. */
    boolean answered(FromStore from) {
        switch (from) {
            case StoreRefused refused -> end(new StoreOutcome.Refused<>(refused.reason()));
            case Unsure unsure -> end(new StoreOutcome.Unknown<>(unsure.cause()));
            case FromStore done -> {
                if (!answer.isInstance(done)) {
                    return false;
                }
                end(new StoreOutcome.Done<>(answer.cast(done)));
            }
        }
        return true;
    }

    /** It was sent, and its connection has ended: what changes nothing surely did nothing. */
    void cutOff(String cause) {
        switch (request) {
            case Write _, AssertFence _ -> end(new StoreOutcome.Unknown<>(cause));
            case Load _, AskStoreStatus _ -> refuse(new StoreRefusal.Unavailable(cause));
        }
    }

    void refuse(StoreRefusal reason) {
        end(new StoreOutcome.Refused<>(reason));
    }

    private void end(StoreOutcome<T> outcome) {
        if (writer != null) {
            writer.ended(request, outcome);
        }
        room.leave(this);
        future.complete(outcome);
    }
}
