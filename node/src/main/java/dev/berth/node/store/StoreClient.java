package dev.berth.node.store;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.Desk;
import dev.berth.core.store.StoreMessage.Append;
import dev.berth.core.store.StoreMessage.AskStoreStatus;
import dev.berth.core.store.StoreMessage.AssertFence;
import dev.berth.core.store.StoreMessage.FenceHeld;
import dev.berth.core.store.StoreMessage.FromStore;
import dev.berth.core.store.StoreMessage.Load;
import dev.berth.core.store.StoreMessage.Page;
import dev.berth.core.store.StoreMessage.Snapshot;
import dev.berth.core.store.StoreMessage.StoreStatus;
import dev.berth.core.store.StoreMessage.ToStore;
import dev.berth.core.store.StoreMessage.Write;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.store.StorePiece;
import dev.berth.core.store.StoreRefusal;
import dev.berth.core.wire.Bytes;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import dev.berth.node.link.Transport;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

// What is asked gathers in a queue, and the event loop sends all of it at once, so a thousand callers cost one wake-up
// and one flush. When the connection ends, everything ends: what was sent and changes something is unknown, the rest
// is refused. Nothing is sent again by itself: only the owner knows what may be (rule 26).

/**
 * Asks one store, over one connection that is dialled again whenever it ends. Any thread may ask; futures are completed on the
 * client's event loop, where nothing may block. Writes and fences of one thread are carried out in the order of its calls.
 */
public final class StoreClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreClient.class);
    private static final long TICK_MILLIS = 100;

    private final Transport transport;
    private final EventLoop loop;
    private final InetSocketAddress address;
    private final StoreClientConfig config;
    private final RandomGenerator random;
    private final ConcurrentLinkedQueue<Errand<?>> asked = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sending = new AtomicBoolean();
    private final Room room;
    private final AtomicLong requests = new AtomicLong();
    private volatile boolean isOpen = true;
    private volatile CompletableFuture<Void> opened = new CompletableFuture<>();
    private @Nullable Line line;
    private int attempts;

    private StoreClient(
            Transport transport,
            EventLoop loop,
            InetSocketAddress address,
            StoreClientConfig config,
            RandomGenerator random) {
        this.transport = transport;
        this.loop = loop;
        this.address = address;
        this.config = config;
        this.room = new Room(config);
        this.random = random;
    }

    /** Begins to dial; {@link #opened} says when the store can be asked. The loop is one of the transport's. */
    public static StoreClient open(
            Transport transport,
            EventLoop loop,
            InetSocketAddress address,
            StoreClientConfig config,
            RandomGenerator random) {
        var client = new StoreClient(transport, loop, address, config, random);
        loop.execute(client::dial);
        loop.execute(client::tick);
        return client;
    }

    /** Done when there is a connection; a new one after each that ended. */
    public CompletableFuture<Void> opened() {
        return opened.copy();
    }

    /** Asserts the fence of a grant; before the first write over each connection. */
    public CompletableFuture<StoreOutcome<FenceHeld>> fence(Grant grant) {
        return ask(new AssertFence(next(), grant), FenceHeld.class, null);
    }

    /**
     * Adds a delta to a key.
     *
     * @param version of the key as the owner knows it; 0 for a new one
     * @param operation the same one twice on a key is one effect; null if the owner needs none
     */
    public CompletableFuture<StoreOutcome<Written>> append(
            Grant grant, Bytes key, long version, @Nullable OperationId operation, Bytes delta) {
        return write(new Append(next(), grant, key, version, operation, delta), null);
    }

    /** Replaces what a key has. */
    public CompletableFuture<StoreOutcome<Written>> snapshot(Grant grant, Bytes key, long version, Bytes state) {
        return write(new Snapshot(next(), grant, key, version, state), null);
    }

    /**
     * Reads a page of a slot.
     *
     * @param key empty for all keys
     * @param after empty for the first page, then what the last one said
     */
    public CompletableFuture<StoreOutcome<Page>> page(SlotId slot, Bytes key, Bytes after) {
        return ask(new Load(next(), slot, key, after), Page.class, null);
    }

    /**
     * Reads a slot, or one key of it, page after page; the pieces are handed out on the client's loop as they come. Done with
     * their number. Behind the owner's own fence, and with no write under way, this is the slot's state; otherwise each page is
     * true for itself.
     */
    public CompletableFuture<StoreOutcome<Long>> load(SlotId slot, Bytes key, Consumer<? super StorePiece> pieces) {
        return loadFrom(slot, key, Bytes.EMPTY, 0, pieces);
    }

    private CompletableFuture<StoreOutcome<Long>> loadFrom(
            SlotId slot, Bytes key, Bytes after, long count, Consumer<? super StorePiece> pieces) {
        return page(slot, key, after).thenCompose(outcome -> switch (outcome) {
            case StoreOutcome.Refused<Page> refused ->
                CompletableFuture.completedFuture(new StoreOutcome.Refused<>(refused.reason()));
            case StoreOutcome.Unknown<Page> unknown ->
                CompletableFuture.completedFuture(new StoreOutcome.Unknown<>(unknown.cause()));
            case StoreOutcome.Done<Page> done -> {
                done.value().pieces().forEach(pieces);
                long so = count + done.value().pieces().size();
                Bytes next = done.value().next();
                yield next.length() == 0
                        ? CompletableFuture.completedFuture(new StoreOutcome.Done<>(so))
                        : loadFrom(slot, key, next, so, pieces);
            }
        });
    }

    public CompletableFuture<StoreOutcome<StoreStatus>> status() {
        return ask(new AskStoreStatus(next()), StoreStatus.class, null);
    }

    /** Whether what can wait should not be asked now: more than three quarters of what may be in flight is. */
    public boolean isCrowded() {
        return room.isCrowded();
    }

    long next() {
        return requests.incrementAndGet();
    }

    EventLoop loop() {
        return loop;
    }

    CompletableFuture<StoreOutcome<Written>> write(Write write, @Nullable SlotWriter writer) {
        StoreRefusal wrongSize = Desk.wrongSize(write);
        return wrongSize == null ? ask(write, Written.class, writer) : refused(wrongSize);
    }

    <T> CompletableFuture<StoreOutcome<T>> ask(ToStore request, Class<T> answer, @Nullable SlotWriter writer) {
        long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.answerMillis());
        var errand = new Errand<>(request, answer, due, room, writer, new CompletableFuture<>());
        if (!isOpen) {
            return refused(new StoreRefusal.Unavailable("the client is closed"));
        }
        StoreRefusal busy = room.enter(errand);
        if (busy != null) {
            return refused(busy);
        }
        asked.add(errand);
        wake();
        return errand.future();
    }

    private static <T> CompletableFuture<StoreOutcome<T>> refused(StoreRefusal reason) {
        return CompletableFuture.completedFuture(new StoreOutcome.Refused<>(reason));
    }

    private void wake() {
        if (!sending.compareAndSet(false, true)) {
            return;
        }
        try {
            loop.execute(this::sendAll);
        } catch (RejectedExecutionException stopped) {
            refuseAll("the event loop has ended");
        }
    }

    private void refuseAll(String cause) {
        for (Errand<?> errand = asked.poll(); errand != null; errand = asked.poll()) {
            errand.refuse(new StoreRefusal.Unavailable(cause));
        }
    }

    private void sendAll() {
        sending.set(false);
        for (Errand<?> errand = asked.poll(); errand != null; errand = asked.poll()) {
            if (line == null || line.pipe == null) {
                errand.refuse(new StoreRefusal.Unavailable("no connection with the store at " + address));
            } else if (errand.writer() != null && !errand.writer().admits(errand.request())) {
                errand.refuse(errand.writer().why());
            } else {
                line.send(errand);
            }
        }
    }

    private void dial() {
        if (isOpen) {
            line = new Line();
            transport.dial(address, StoreServer.STORES_END.otherEnd(), line, loop);
        }
    }

    private void tick() {
        if (line != null) {
            line.giveUpIfStuck();
        }
        later(this::tick, TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS));
    }

    private void later(Runnable task, long nanos) {
        if (isOpen && !loop.isShuttingDown()) {
            var _ = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** One connection. On the loop. */
    private final class Line implements PipeEars<FromStore, ToStore> {
        private final LinkedHashMap<Long, Errand<?>> unanswered = new LinkedHashMap<>();
        private @Nullable Pipe<ToStore> pipe;

        void send(Errand<?> errand) {
            if (pipe != null) {
                try {
                    pipe.send(errand.request());
                    unanswered.put(errand.request().request(), errand);
                } catch (IllegalArgumentException unsendable) {
                    errand.refuse(new StoreRefusal.Unavailable("it cannot be said: " + unsendable.getMessage()));
                }
            }
        }

        @Override
        public void opened(Pipe<ToStore> open) {
            pipe = open;
            attempts = 0;
            LOG.info("store {} CONNECTED", address);
            opened.complete(null);
            if (!isOpen) {
                open.close("the client is closed");
            }
        }

        @Override
        public void received(FromStore answer) {
            Errand<?> errand = unanswered.remove(answer.request());
            if (errand != null && errand.answered(answer)) {
                return;
            }
            String cause = "an answer to nothing that was asked: " + answer;
            if (errand != null) {
                errand.cutOff(cause);
            }
            if (pipe != null) {
                pipe.close(cause);
            }
        }

        @Override
        public void closed(String cause) {
            boolean was = pipe != null;
            pipe = null;
            if (was) {
                LOG.atLevel(isOpen ? Level.WARN : Level.INFO)
                        .log("store {} DISCONNECTED cause={} unanswered={}", address, cause, unanswered.size());
                opened = new CompletableFuture<>();
            }
            List<Errand<?>> cut = new ArrayList<>(unanswered.values());
            unanswered.clear();
            cut.forEach(errand -> errand.cutOff(cause));
            attempts++;
            later(StoreClient.this::dial, config.redial().delayNanos(attempts, random));
        }

        void giveUpIfStuck() {
            Iterator<Errand<?>> oldest = unanswered.values().iterator();
            if (pipe != null
                    && oldest.hasNext()
                    && System.nanoTime() - oldest.next().due() >= 0) {
                pipe.close("no answer for " + config.answerMillis() + " ms");
            }
        }
    }

    /** Closes the connection: what was not answered ends as it does whenever a connection ends. */
    @Override
    public void close() {
        isOpen = false;
        try {
            loop.execute(() -> {
                sendAll();
                if (line != null && line.pipe != null) {
                    line.pipe.close("the client is closed");
                }
            });
        } catch (RejectedExecutionException stopped) {
            refuseAll("the event loop has ended");
        }
    }
}
