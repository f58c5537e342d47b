package dev.berth.node.store;

import dev.berth.core.protocol.Protocol;
import dev.berth.core.store.StoreMessage.FromStore;
import dev.berth.core.store.StoreMessage.ToStore;
import dev.berth.core.wire.Limits;
import dev.berth.node.link.Dialect;
import dev.berth.node.link.Door;
import dev.berth.node.link.Kind;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Lets owners ask an engine over connections. Any thread. */
public final class StoreServer {
    /** The end of a connection at which the store is. */
    public static final Dialect<ToStore, FromStore> STORES_END =
            new Dialect<>(Kind.STORE, Protocol.TO_STORE, Protocol.FROM_STORE, Limits.PEER);

    private StoreServer() {}

    /** What a port that serves this engine does with connections. */
    public static Door<ToStore, FromStore> door(StoreEngine engine) {
        return new Door<>(STORES_END, () -> new Counter(engine));
    }

    /**
     * One connection. Requests come on its event loop, answers from the engine's threads; they gather here until the loop
     * sends them on, many at a time. What gathers is bounded by the engine's queues.
     */
    private static final class Counter implements PipeEars<ToStore, FromStore>, StoreEngine.Asker {
        private final StoreEngine engine;
        private final ConcurrentLinkedQueue<FromStore> answers = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean sending = new AtomicBoolean();
        private volatile @Nullable Pipe<FromStore> pipe;
        private long connection;

        Counter(StoreEngine engine) {
            this.engine = engine;
        }

        @Override
        public void opened(Pipe<FromStore> opened) {
            pipe = opened;
            connection = engine.connect();
        }

        @Override
        public void received(ToStore request) {
            engine.submit(connection, request, this);
        }

        @Override
        public void closed(String cause) {
            if (pipe != null) {
                engine.disconnect(connection);
            }
        }

        @Override
        public void answer(FromStore answer) {
            answers.add(answer);
        }

        @Override
        public void answersEnd() {
            Pipe<FromStore> open = pipe;
            if (open != null && sending.compareAndSet(false, true)) {
                try {
                    open.loop().execute(() -> sendAll(open));
                } catch (RejectedExecutionException stopped) {
                    // The loop has ended, and its connections with it: nobody waits for the answer.
                    answers.clear();
                }
            }
        }

        private void sendAll(Pipe<FromStore> open) {
            sending.set(false);
            for (FromStore answer = answers.poll(); answer != null; answer = answers.poll()) {
                open.send(answer);
            }
        }
    }
}
