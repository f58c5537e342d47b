package dev.berth.node.store;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.StoreMessage.Append;
import dev.berth.core.store.StoreMessage.AssertFence;
import dev.berth.core.store.StoreMessage.FromStore;
import dev.berth.core.store.StoreMessage.Load;
import dev.berth.core.store.StoreMessage.Page;
import dev.berth.core.store.StoreMessage.Snapshot;
import dev.berth.core.store.StoreMessage.StoreRefused;
import dev.berth.core.store.StoreMessage.ToStore;
import dev.berth.core.store.StoreMessage.Unsure;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StorePiece;
import dev.berth.core.store.StoreRefusal;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection to an engine in the same process, whose answers are waited for. One thread. */
final class Customer implements StoreEngine.Asker {
    private static final Bytes ALL = Bytes.EMPTY;

    private final StoreEngine engine;
    private final long connection;
    private final ArrayBlockingQueue<FromStore> answers = new ArrayBlockingQueue<>(10_000);
    private long requests;

    Customer(StoreEngine engine) {
        this.engine = engine;
        this.connection = engine.connect();
    }

    @Override
    public void answer(FromStore answer) {
        answers.add(answer);
    }

    @Override
    public void answersEnd() {}

    long nextRequest() {
        return ++requests;
    }

    void send(ToStore request) {
        engine.submit(connection, request, this);
    }

    FromStore answer() {
        try {
            FromStore answer = answers.poll(60, TimeUnit.SECONDS);
            if (answer == null) {
                throw new AssertionError("no answer within a minute");
            }
            return answer;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    FromStore ask(ToStore request) {
        send(request);
        return answer();
    }

    /** Null when it was done, else why not. */
    @Nullable
    StoreRefusal refusal(ToStore request) {
        FromStore answer = ask(request);
        if (answer instanceof Unsure unsure) {
            throw new AssertionError(unsure);
        }
        return answer instanceof StoreRefused refused ? refused.reason() : null;
    }

    @Nullable
    StoreRefusal fence(Grant grant) {
        return refusal(new AssertFence(nextRequest(), grant));
    }

    Append append(Grant grant, String key, long version, String delta) {
        return new Append(nextRequest(), grant, Bytes.utf8(key), version, null, Bytes.utf8(delta));
    }

    Append append(Grant grant, String key, long version, OperationId operation, String delta) {
        return new Append(nextRequest(), grant, Bytes.utf8(key), version, operation, Bytes.utf8(delta));
    }

    Snapshot snapshot(Grant grant, String key, long version, String state) {
        return new Snapshot(nextRequest(), grant, Bytes.utf8(key), version, Bytes.utf8(state));
    }

    /** The version that the write made. */
    long written(ToStore write) {
        return ((Written) ask(write)).version();
    }

    List<StorePiece> load(SlotId slot) {
        return load(slot, ALL);
    }

    List<StorePiece> load(SlotId slot, Bytes key) {
        List<StorePiece> pieces = new ArrayList<>();
        Bytes after = Bytes.EMPTY;
        do {
            Page page = page(slot, key, after);
            pieces.addAll(page.pieces());
            after = page.next();
        } while (after.length() > 0);
        return pieces;
    }

    Page page(SlotId slot, Bytes key, Bytes after) {
        return (Page) ask(new Load(nextRequest(), slot, key, after));
    }

    void close() {
        engine.disconnect(connection);
    }
}
