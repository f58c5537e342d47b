package dev.berth.node.store;

import dev.berth.core.store.Brim;
import dev.berth.core.store.StoreMessage.AskStoreStatus;
import dev.berth.core.store.StoreMessage.AssertFence;
import dev.berth.core.store.StoreMessage.FromStore;
import dev.berth.core.store.StoreMessage.Load;
import dev.berth.core.store.StoreMessage.StoreRefused;
import dev.berth.core.store.StoreMessage.StoreStatus;
import dev.berth.core.store.StoreMessage.ToStore;
import dev.berth.core.store.StoreMessage.Unsure;
import dev.berth.core.store.StoreMessage.Write;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreRefusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// One thread writes. It takes what waits, lets core judge each request against what was judged before it, writes all
// that core lets pass as one batch with one fsync, and only then answers. While it waits for the disk the next batch
// gathers by itself, so the busier the store, the more writes share an fsync.
//
// When the disk fails in the middle of a batch, memory and disk may disagree about it. So the table is closed and read
// again from the disk, and the batch's writes are answered as unsure.

/**
 * Keeps slots' state behind fences. Any thread may {@link #submit}; each asker is answered once for each request, on one of the
 * engine's threads or on the one that submits.
 */
public final class StoreEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreEngine.class);
    private static final long REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int ASK_OVERHEAD = 128;
    /** So many that wait have an fsync to share. */
    private static final int PACED_MAX = 32;

    /** Hears answers; must not block. */
    public interface Asker {
        void answer(FromStore answer);

        /** No more answers for the moment: what was answered may be sent on together. */
        void answersEnd();
    }

    private record Ask(long connection, ToStore request, Asker asker, int bytes) {}

    /** Whether the files can be used. */
    private sealed interface State {
        record Serving(RowTable table, Clerk clerk) implements State {}

        record Down(String cause, long retryNanos) implements State {}
    }

    private record Gauge(boolean takesWrites, int diskPercent, int fences, long highestEpoch, long acknowledged) {}

    private final StoreConfig config;
    private final StoreHome home;
    private final DiskSpace space;
    private final Consumer<? super Throwable> onHalt;
    private final ArrayBlockingQueue<Ask> queue;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final ArrayBlockingQueue<Ask> loads;
    private final ConcurrentLinkedQueue<Long> gone = new ConcurrentLinkedQueue<>();
    private final AtomicLong fsyncsBefore = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicInteger connected = new AtomicInteger();
    private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();
    private final Brim brim;
    private final Thread committer =
            Thread.ofPlatform().name("berth-store-committer").unstarted(this::commitAll);
    private final Thread reader = Thread.ofPlatform().name("berth-store-reader").unstarted(this::readAll);
    private volatile State state;
    private volatile Gauge gauge = new Gauge(true, 0, 0, 0, 0);
    private volatile boolean open = true;
    private long diskCheckNanos;
    /** When the last batch began. */
    private long begunNanos = System.nanoTime() - TimeUnit.SECONDS.toNanos(1);

    private long acknowledged;

    private StoreEngine(
            StoreConfig config, StoreHome home, DiskSpace space, State state, Consumer<? super Throwable> onHalt) {
        this.config = config;
        this.home = home;
        this.space = space;
        this.state = state;
        this.onHalt = onHalt;
        this.queue = new ArrayBlockingQueue<>(config.queueMax());
        this.loads = new ArrayBlockingQueue<>(config.loadsMax());
        this.brim = new Brim(config.fullPercent(), config.againPercent(), RowTable.ROOM_MIN_BYTES);
    }

    /** Opens the directory and starts. */
    public static StoreEngine open(StoreConfig config, Consumer<? super Throwable> onHalt) throws StoreException {
        return open(config, null, onHalt);
    }

    /**
     * The same with another idea of how full the disk is.
     *
     * @param onHalt hears, once, that a bug has stopped the engine; the process had better end then
     */
    static StoreEngine open(StoreConfig config, @Nullable DiskSpace space, Consumer<? super Throwable> onHalt)
            throws StoreException {
        StoreHome home = StoreHome.open(config.directory(), config.cluster());
        try {
            DiskSpace disk = space == null ? DiskSpace.of(config.directory()) : space;
            StoreEngine engine = new StoreEngine(config, home, disk, new State.Down("starting", 0), onHalt);
            engine.state = engine.serving();
            engine.lookAtDisk();
            engine.committer.start();
            engine.reader.start();
            return engine;
        } catch (RocksDBException | IOException e) {
            closed(home);
            throw new StoreException(
                    config.directory() + " cannot be opened: " + e.getMessage()
                            + "; nothing was changed. If the disk is full make room; if files are damaged restore a"
                            + " copy",
                    e);
        }
    }

    private State.Serving serving() throws RocksDBException, IOException {
        RowTable table = RowTable.open(home.rows(), home.natives());
        try {
            return new State.Serving(table, new Clerk(table, brim));
        } catch (RocksDBException e) {
            table.close();
            throw e;
        }
    }

    /** A number for somebody who will submit requests, and whose fences are his own. */
    public long connect() {
        connected.incrementAndGet();
        return connections.incrementAndGet();
    }

    /** The connection has ended: its fences have to be asserted again by another one. */
    public void disconnect(long connection) {
        connected.decrementAndGet();
        gone.add(connection);
    }

    /** Takes a request, or answers it at once when too many wait. Those of a connection are carried out in this order. */
    public void submit(long connection, ToStore request, Asker asker) {
        boolean taken = switch (request) {
            case AskStoreStatus ask -> {
                asker.answer(status(ask.request()));
                asker.answersEnd();
                yield true;
            }
            case Load load -> open && loads.offer(new Ask(connection, load, asker, ASK_OVERHEAD));
            case AssertFence fence -> open && offer(new Ask(connection, fence, asker, ASK_OVERHEAD));
            case Write write -> open && offer(new Ask(connection, write, asker, bytes(write)));
        };
        if (!taken) {
            refuse(asker, request, open ? new StoreRefusal.Busy(queue.size()) : stopped());
        }
    }

    private static int bytes(Write write) {
        return ASK_OVERHEAD + write.key().length() + write.content().length();
    }

    private boolean offer(Ask ask) {
        if (queuedBytes.addAndGet(ask.bytes()) <= config.queueBytesMax() && queue.offer(ask)) {
            return true;
        }
        queuedBytes.addAndGet(-ask.bytes());
        return false;
    }

    private static StoreRefusal stopped() {
        return new StoreRefusal.Unavailable("the store stops");
    }

    private static void refuse(Asker asker, ToStore request, StoreRefusal reason) {
        asker.answer(new StoreRefused(request.request(), reason));
        asker.answersEnd();
    }

    /** How the store is; any thread. */
    public StoreStatus status(long request) {
        Gauge now = gauge;
        long fsyncs = fsyncsBefore.get();
        long median = 0;
        inUse.readLock().lock();
        try {
            if (state instanceof State.Serving serving) {
                fsyncs += serving.table().fsyncs();
                median = serving.table().fsyncP50Micros();
            }
        } finally {
            inUse.readLock().unlock();
        }
        return new StoreStatus(
                request,
                now.takesWrites(),
                now.diskPercent(),
                now.fences(),
                queue.size(),
                now.acknowledged(),
                fsyncs,
                median,
                now.highestEpoch(),
                connected.get());
    }

    private void commitAll() {
        try {
            while (open) {
                Ask first = queue.poll(config.diskCheckMillis(), TimeUnit.MILLISECONDS);
                tidyUp();
                if (first != null) {
                    awaitPace();
                    carryOut(gathered(first));
                }
            }
        } catch (InterruptedException closing) {
            // close() has asked for it, and nobody else can.
            open = false;
        } catch (RuntimeException | Error bug) {
            halt(bug);
        }
    }

    /** More gather meanwhile, unless enough have. */
    private void awaitPace() {
        long until = begunNanos + TimeUnit.MICROSECONDS.toNanos(config.paceMicros());
        long now = System.nanoTime();
        if (config.paceMicros() > 0 && until - now > 0 && queue.size() < PACED_MAX) {
            LockSupport.parkNanos(this, until - now);
            now = System.nanoTime();
        }
        begunNanos = now;
    }

    private void tidyUp() {
        long now = System.nanoTime();
        if (state instanceof State.Down down && now - down.retryNanos() >= 0) {
            reopen(now);
        }
        for (Long connection = gone.poll(); connection != null; connection = gone.poll()) {
            if (state instanceof State.Serving serving) {
                serving.clerk().closed(connection);
            }
        }
        if (now - diskCheckNanos >= 0) {
            diskCheckNanos = now + TimeUnit.MILLISECONDS.toNanos(config.diskCheckMillis());
            lookAtDisk();
        }
    }

    private void lookAtDisk() {
        try {
            if (brim.measured(space.usedBytes(), space.usableBytes())) {
                LOG.warn(
                        "store {} {} used={}%",
                        config.directory(),
                        brim.isFull()
                                ? "SERVING -> FULL: appends and snapshots are refused, make room"
                                : "FULL -> SERVING",
                        brim.percent());
            }
        } catch (IOException e) {
            LOG.warn("store {}: how full its disk is cannot be asked: {}", config.directory(), e.toString());
        }
        measure();
    }

    private void measure() {
        int fences = gauge.fences();
        long highest = gauge.highestEpoch();
        if (state instanceof State.Serving serving) {
            fences = serving.clerk().fences();
            highest = serving.clerk().highestEpoch();
        }
        gauge = new Gauge(
                !brim.isFull() && state instanceof State.Serving, brim.percent(), fences, highest, acknowledged);
    }

    private List<Ask> gathered(Ask first) {
        List<Ask> batch = new ArrayList<>();
        long bytes = 0;
        for (Ask ask = first; ask != null; ask = queue.poll()) {
            batch.add(ask);
            bytes += ask.bytes();
            if (batch.size() == config.batchMax() || bytes >= StoreConfig.BATCH_BYTES) {
                break;
            }
        }
        queuedBytes.addAndGet(-bytes);
        return batch;
    }

    private void carryOut(List<Ask> batch) {
        List<FromStore> answers = switch (state) {
            case State.Serving serving -> committed(serving, batch);
            case State.Down down -> {
                var reason = new StoreRefusal.Unavailable(down.cause());
                yield batch.stream()
                        .<FromStore>map(ask -> new StoreRefused(ask.request().request(), reason))
                        .toList();
            }
        };
        measure();
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).asker().answer(answers.get(i));
        }
        batch.stream().map(Ask::asker).distinct().forEach(Asker::answersEnd);
    }

    private List<FromStore> committed(State.Serving serving, List<Ask> batch) {
        List<FromStore> answers = new ArrayList<>(batch.size());
        try (WriteBatch rows = new WriteBatch()) {
            serving.clerk().nextBatch();
            for (Ask ask : batch) {
                answers.add(judged(serving.clerk(), ask, rows));
            }
            if (rows.count() > 0) {
                serving.table().commit(rows);
            }
            acknowledged += answers.stream()
                    .filter(answer -> answer instanceof Written written && !written.repeated())
                    .count();
            return answers;
        } catch (RocksDBException failed) {
            goDown(serving, failed);
            return unsure(batch, answers, String.valueOf(failed.getMessage()));
        }
    }

    private static FromStore judged(Clerk clerk, Ask ask, WriteBatch rows) throws RocksDBException {
        return switch (ask.request()) {
            case AssertFence fence -> clerk.fence(ask.connection(), fence, rows);
            case Write write -> clerk.write(ask.connection(), write, rows);
            case Load _, AskStoreStatus _ -> throw new IllegalStateException(ask + " is not for the committer");
        };
    }

    /** A refusal stays one: whatever became of the batch, this was not written. */
    private static List<FromStore> unsure(List<Ask> batch, List<FromStore> judged, String cause) {
        List<FromStore> answers = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            boolean refused = i < judged.size() && judged.get(i) instanceof StoreRefused;
            answers.add(
                    refused ? judged.get(i) : new Unsure(batch.get(i).request().request(), cause));
        }
        return answers;
    }

    private void goDown(State.Serving serving, RocksDBException failed) {
        LOG.error("store {} SERVING -> DOWN cause={}", config.directory(), failed.getMessage());
        inUse.writeLock().lock();
        try {
            state = new State.Down(String.valueOf(failed.getMessage()), System.nanoTime());
            fsyncsBefore.addAndGet(serving.table().fsyncs());
            serving.table().close();
        } finally {
            inUse.writeLock().unlock();
        }
    }

    private void reopen(long now) {
        try {
            state = serving();
            LOG.warn("store {} DOWN -> SERVING", config.directory());
        } catch (RocksDBException | IOException still) {
            state = new State.Down(String.valueOf(still.getMessage()), now + REOPEN_NANOS);
        }
        measure();
    }

    private void readAll() {
        try {
            while (open) {
                Ask ask = loads.poll(config.diskCheckMillis(), TimeUnit.MILLISECONDS);
                if (ask != null && ask.request() instanceof Load load) {
                    ask.asker().answer(page(load));
                    ask.asker().answersEnd();
                }
            }
        } catch (InterruptedException closing) {
            // close() has asked for it, and nobody else can.
            open = false;
        } catch (RuntimeException | Error bug) {
            halt(bug);
        }
    }

    private void halt(Throwable bug) {
        open = false;
        LOG.error("store {} -> STOPPED cause={}", config.directory(), bug, bug);
        onHalt.accept(bug);
    }

    private FromStore page(Load load) {
        inUse.readLock().lock();
        try {
            return switch (state) {
                case State.Serving serving -> Pages.read(load, serving.table());
                case State.Down down -> new StoreRefused(load.request(), new StoreRefusal.Unavailable(down.cause()));
            };
        } catch (RocksDBException e) {
            LOG.error("store {}: {} cannot be read: {}", config.directory(), load.slot(), e.getMessage());
            return new StoreRefused(load.request(), new StoreRefusal.Unavailable(String.valueOf(e.getMessage())));
        } finally {
            inUse.readLock().unlock();
        }
    }

    /** Refuses what waits, ends the threads and lets go of the directory. */
    @Override
    public void close() {
        open = false;
        committer.interrupt();
        reader.interrupt();
        try {
            committer.join();
            reader.join();
        } catch (InterruptedException hurry) {
            // Whoever closes is in a hurry: the directory stays locked until the process ends.
            Thread.currentThread().interrupt();
            return;
        }
        refuseAll(queue);
        refuseAll(loads);
        inUse.writeLock().lock();
        try {
            if (state instanceof State.Serving serving) {
                state = new State.Down("the store has stopped", Long.MAX_VALUE);
                serving.table().close();
            }
        } finally {
            inUse.writeLock().unlock();
        }
        closed(home);
    }

    private static void refuseAll(ArrayBlockingQueue<Ask> waiting) {
        for (Ask ask = waiting.poll(); ask != null; ask = waiting.poll()) {
            refuse(ask.asker(), ask.request(), stopped());
        }
    }

    private static void closed(StoreHome home) {
        try {
            home.close();
        } catch (IOException e) {
            LOG.warn("the lock of a store's directory: {}", e.toString());
        }
    }
}
