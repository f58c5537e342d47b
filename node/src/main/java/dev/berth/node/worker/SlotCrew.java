package dev.berth.node.worker;

import dev.berth.core.call.ToolMessage;
import dev.berth.core.cluster.Grant;
import dev.berth.core.wire.Bytes;
import dev.berth.node.store.SlotWriter;
import dev.berth.node.store.StoreClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A service that runs its slots in its own way, not one message after the other. */
public interface SlotCrew extends SlotService {
    SlotWork board(Deck deck);

    /**
     * Does what a command asks of entities, and waits for it. What it throws is told to whoever has asked.
     *
     * @param store the node's way to the store; null for a node without one
     */
    ToolMessage.FromNode tell(Node node, @Nullable StoreClient store, ToolMessage.OfEntities asked)
            throws InterruptedException;

    /** Entities in memory here. */
    long inMemory();

    /** Registers what it has done, or once more the same: before every scrape. */
    void measure(MeterRegistry meters);

    @Override
    default Bytes handle(ServiceCall call) {
        throw new IllegalStateException("messages go to what board() has returned");
    }

    /**
     * What a slot has to work with.
     *
     * @param writer with {@code client}: its way to the store; null for a node without one
     */
    record Deck(
            Node node,
            Grant grant,
            Slot slot,
            @Nullable SlotWriter writer,
            @Nullable StoreClient client,
            Executor executor) {}
}
