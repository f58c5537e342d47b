package dev.berth.test;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.Brim;
import dev.berth.core.store.Desk;
import dev.berth.core.store.Fences;
import dev.berth.core.store.Head;
import dev.berth.core.store.StoreMessage.Append;
import dev.berth.core.store.StoreMessage.Snapshot;
import dev.berth.core.store.StoreMessage.Write;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.store.StorePiece;
import dev.berth.core.store.StoreRefusal;
import dev.berth.core.wire.Bytes;
import dev.berth.node.entity.Vault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a store keeps, in memory. Core's {@link Desk} decides which writes land, as it does for the real one. */
final class TestStore {
    private record Row(SlotId slot, Bytes key) {}

    private static final class Content {
        private Head head = Head.EMPTY;
        private final List<StorePiece> pieces = new ArrayList<>();
    }

    private final Desk desk = new Desk(new Fences());
    private final Brim brim = new Brim(100, 100, 0);
    private final Map<Row, Content> rows = new HashMap<>();
    private long refused;
    private boolean crowded;

    /** From now on, or no more, every write is refused for want of room. */
    void fill(boolean full) {
        var _ = brim.measured(full ? 1 : 0, full ? 0 : 1);
    }

    /** It says that it has as much to do as it can, and takes no writes. */
    void crowd(boolean much) {
        crowded = much;
    }

    /** Writes that came from an owner who was not any more. */
    long refused() {
        return refused;
    }

    /** What an owner sees of it: each request is a step, and each answer. */
    Vault vault(Member owner, Grant grant) {
        long connection =
                owner.life().number() << Short.SIZE | owner.life().node().value();
        return new Vault() {
            @Override
            public CompletableFuture<StoreOutcome<Long>> load(Bytes key, Consumer<? super StorePiece> pieces) {
                return owner.askStore(() -> {
                    StoreRefusal unfenced = desk.fence(connection, grant);
                    if (unfenced != null) {
                        return new StoreOutcome.Refused<>(unfenced);
                    }
                    List<StorePiece> there = content(grant.slot(), key).pieces;
                    there.forEach(pieces);
                    return new StoreOutcome.Done<>((long) there.size());
                });
            }

            @Override
            public CompletableFuture<StoreOutcome<Written>> append(Bytes key, long version, Bytes delta) {
                return owner.askStore(write(connection, new Append(0, grant, key, version, null, delta)));
            }

            @Override
            public CompletableFuture<StoreOutcome<Written>> snapshot(Bytes key, long version, Bytes state) {
                return owner.askStore(write(connection, new Snapshot(0, grant, key, version, state)));
            }

            @Override
            public boolean isCrowded() {
                return crowded;
            }
        };
    }

    private Content content(SlotId slot, Bytes key) {
        return rows.computeIfAbsent(new Row(slot, key), _ -> new Content());
    }

    private Supplier<StoreOutcome<Written>> write(long connection, Write write) {
        return () -> {
            if (crowded) {
                return new StoreOutcome.Refused<>(new StoreRefusal.Busy(1));
            }
            StoreRefusal notBehindFence = desk.admits(connection, write);
            if (notBehindFence != null) {
                refused++;
                return new StoreOutcome.Refused<>(notBehindFence);
            }
            Content content = content(write.grant().slot(), write.key());
            return switch (desk.judge(write, content.head, 0, brim)) {
                case Desk.Verdict.Apply(Head head) -> {
                    apply(content, head, write);
                    yield new StoreOutcome.Done<>(new Written(0, head.version(), false));
                }
                case Desk.Verdict.Repeated(long version) -> new StoreOutcome.Done<>(new Written(0, version, true));
                case Desk.Verdict.Refuse(StoreRefusal reason) -> new StoreOutcome.Refused<>(reason);
            };
        };
    }

    private static void apply(Content content, Head head, Write write) {
        long epoch = write.grant().epoch();
        switch (write) {
            case Append append ->
                content.pieces.add(
                        new StorePiece.Delta(write.key(), head.version(), epoch, append.operation(), append.delta()));
            case Snapshot snapshot -> {
                content.pieces.clear();
                content.pieces.add(new StorePiece.State(write.key(), head.version(), epoch, snapshot.state()));
            }
        }
        content.head = head;
    }
}
