package dev.berth.node.entity;

import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.store.StorePiece;
import dev.berth.core.wire.Bytes;
import dev.berth.node.store.SlotWriter;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Where the entities of one bucket are kept under one grant, as {@link SlotWriter} does it. Any thread. */
public interface Vault {
    CompletableFuture<StoreOutcome<Long>> load(Bytes key, Consumer<? super StorePiece> pieces);

    CompletableFuture<StoreOutcome<Written>> append(Bytes key, long version, Bytes delta);

    CompletableFuture<StoreOutcome<Written>> snapshot(Bytes key, long version, Bytes state);

    /** Whether it has as much to do as it can: nothing new should begin that may have to write. */
    boolean isCrowded();

    /** The store of a node. */
    static Vault of(SlotWriter writer) {
        return new Vault() {
            @Override
            public CompletableFuture<StoreOutcome<Long>> load(Bytes key, Consumer<? super StorePiece> pieces) {
                return writer.load(key, pieces);
            }

            @Override
            public CompletableFuture<StoreOutcome<Written>> append(Bytes key, long version, Bytes delta) {
                return writer.append(key, version, null, delta);
            }

            @Override
            public CompletableFuture<StoreOutcome<Written>> snapshot(Bytes key, long version, Bytes state) {
                return writer.snapshot(key, version, state);
            }

            @Override
            public boolean isCrowded() {
                return writer.isCrowded();
            }
        };
    }
}
