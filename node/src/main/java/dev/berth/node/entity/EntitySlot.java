package dev.berth.node.entity;

import dev.berth.core.call.Address;
import dev.berth.core.call.PeerMessage.Call;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.cluster.Buckets;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.entity.EntityCall;
import dev.berth.core.session.Place;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.store.StorePiece;
import dev.berth.core.store.StoreRefusal;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.member.SlotHost.Report;
import dev.berth.node.plane.Work;
import dev.berth.node.process.ProcessBusyException;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Self;
import dev.berth.node.worker.Slot;
import dev.berth.node.worker.SlotLostException;
import dev.berth.node.worker.SlotWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// An entity is a process; the table has it as long as it is in memory. A message is put into its mailbox while the
// table's entry is held, so one that leaves the table has all messages that were ever meant for it before its last one.

/** The entities of one bucket under one grant. Any thread. */
final class EntitySlot implements SlotWork {
    private static final Logger LOG = LoggerFactory.getLogger(EntitySlot.class);
    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long RETRY_MILLIS = 20;
    private static final long SUSPENDED_MILLIS = 5;
    private static final long WAKE_AGAIN_MILLIS = 1_000;
    private static final long UNTAKEN_MILLIS = 200;
    private static final long FLUSH_SECONDS = 20;

    private static final int ID_SLOT_BITS = 16;
    private static final int ID_COUNT_BITS = 22;

    private final Entities entities;
    private final Ground ground;
    private final Slot slot;
    private final Grant grant;
    private final @Nullable Vault vault;
    private final EntityAgents agents;
    private final Map<Bytes, EntityHost> hosts = new ConcurrentHashMap<>();
    /** Turns whose effects have not left. */
    private final AtomicInteger busy = new AtomicInteger();

    private final AtomicReference<@Nullable Runnable> whenQuiet = new AtomicReference<>();
    private final AtomicLong ids = new AtomicLong();
    private final WakeBook wakes = new WakeBook(this);
    private final Audiences audiences = new Audiences(this);
    /** To whom a push could not leave. */
    private final Set<Address> untold = ConcurrentHashMap.newKeySet();

    private final ProcessRef<Boolean> sweeper;
    /** To be brought into memory when the slot serves. */
    private volatile List<Bytes> awake = List.of();

    private volatile boolean serving;
    private volatile boolean dropped;

    EntitySlot(Entities entities, Ground ground, Slot slot, Grant grant, @Nullable Vault vault) {
        this.entities = entities;
        this.ground = ground;
        this.slot = slot;
        this.grant = grant;
        this.vault = vault;
        this.agents = new EntityAgents(entities, ground);
        this.sweeper = ground.spawn(self -> {
            sweepLater(self);
            return (itself, goesOn) -> {
                if (goesOn) {
                    sweepLater(itself);
                } else {
                    itself.stop("the slot has gone");
                }
                sweep();
                return null;
            };
        });
    }

    /** Not all slots of a node at once: together they have a million entities, and everybody would wait for that. */
    private void sweepLater(Self<Boolean> self) {
        long half = entities.idle().toNanos() / 2;
        self.after(Duration.ofNanos(ThreadLocalRandom.current().nextLong(half / 2, half + 1)), true);
    }

    Entities entities() {
        return entities;
    }

    EntityAgents agents() {
        return agents;
    }

    Grant grant() {
        return grant;
    }

    Ground ground() {
        return ground;
    }

    @Override
    public Slot slot() {
        return slot;
    }

    @Override
    public boolean serves() {
        return serving;
    }

    boolean isDropped() {
        return dropped;
    }

    // ---- What comes in

    @Override
    public void put(Work work) {
        Call call = work.dispatch().call();
        EntityCall asked;
        EntityType type;
        Object key;
        try {
            asked = EntityCall.CODEC.decode(call.body().toArray(), EntityCall.LIMITS);
            type = entities.type(asked.type());
            if (type == null) {
                work.answer(new Result.Error(
                        "UnknownEntity",
                        "this build of " + entities.service() + " has no entity " + asked.type() + "; it has "
                                + entities.names()));
                return;
            }
            if (asked.key().length() > Keys.BYTES_MAX) {
                throw new IllegalArgumentException("a key has at most " + Keys.BYTES_MAX + " bytes");
            }
            key = type.keys().read(asked.key());
        } catch (WireException | RuntimeException e) {
            work.answer(new Result.Error("MalformedCall", "this is no call of an entity: " + e.getMessage()));
            return;
        }
        if (!isHere(asked.key())) {
            work.answer(
                    new Result.Error("WrongBucket", asked.type() + " " + key + " is not in bucket " + slot.number()));
            return;
        }
        Bytes storeKey = type.storeKey(asked.key());
        if (asked.method().equals(Copies.Question.UNHEARD.method())) {
            unheard(storeKey, asked.arguments());
            work.answer(new Result.Value(Bytes.EMPTY));
            return;
        }
        hosts.compute(storeKey, (_, there) -> {
            if (dropped) {
                work.returned();
                return there;
            }
            EntityHost host = there == null ? new EntityHost(this, type, key, storeKey) : there;
            return host.put(work, asked) ? host : there;
        });
    }

    private void unheard(Bytes storeKey, Bytes places) {
        try {
            Place.read(places).forEach(place -> audiences.lost(storeKey, place));
        } catch (WireException e) {
            LOG.warn("slot {}: {}", slot(), e.getMessage());
        }
    }

    private boolean isHere(Bytes key) {
        Service planned = ground.view().service(entities.service());
        return planned == null
                || grant.slot()
                        .equals(new SlotId(
                                entities.service(),
                                Buckets.bucket(
                                        Buckets.hash(key.toArray()),
                                        planned.plan().units())));
    }

    /** It surely did not run, and may be asked again: after a while if that is what the reason says. */
    void refuse(Work work, RefusedReason reason) {
        entities.meters().refused(reason);
        work.answer(new Result.NotRun(reason, reason == RefusedReason.BUSY ? BUSY_NANOS : 0));
    }

    /**
     * The last judgement before it runs; false if it has been given back. A call that found the store with too much to do would
     * only learn so when its entity has changed, and have to be undone. On the entity's thread.
     *
     * @param again whether it may have had effects elsewhere: then nobody may say that it surely did not run
     */
    boolean admits(Work work, boolean again) throws InterruptedException {
        while (true) {
            if (dropped || !serving) {
                giveBack(work, again);
                return false;
            }
            switch (work.judge()) {
                case RUN -> {
                    if (vault == null || !vault.isCrowded()) {
                        return true;
                    }
                    if (!again) {
                        refuse(work, RefusedReason.BUSY);
                        return false;
                    }
                    ground.pause(SUSPENDED_MILLIS);
                }
                case NOT_NOW -> ground.pause(SUSPENDED_MILLIS);
                case HOLD, AWAIT_SLOT, DROP -> {
                    work.returned();
                    return false;
                }
                case MOVED, TIMED_OUT -> {
                    giveBack(work, again);
                    return false;
                }
            }
        }
    }

    /** Whoever is told nothing hears it from the view, or that its time is over, and asks again as one who may have run. */
    private static void giveBack(Work work, boolean again) {
        if (again) {
            work.taken();
        } else {
            work.returned();
        }
    }

    /** Out of the table: whoever calls it from now on loads it anew. */
    void leave(EntityHost host) {
        hosts.remove(host.storeKey(), host);
    }

    private void sweep() {
        audiences.sweep(ground.view());
        hosts.values().forEach(EntityHost::sweep);
    }

    /** Tells a process something even if its mailbox is full. */
    void surely(ProcessRef<Note> process, Note note) {
        try {
            process.send(note);
        } catch (ProcessBusyException full) {
            later(RETRY_MILLIS, () -> surely(process, note));
        }
    }

    void later(long millis, Runnable what) {
        ground.execute(() -> {
            try {
                ground.pause(millis);
                what.run();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
    }

    // A gate knows by itself what it may have missed when a connection ends or a slot gets another owner. What
    // never left is known here only, so it is told from here that something is missing: once for all that was,
    // until it has left.

    void push(long caller, Address to, Bytes message, Bytes untaken) {
        ground.tell(caller, to, message, () -> untaken(caller, to, untaken));
    }

    private void untaken(long caller, Address to, Bytes word) {
        // A node that is not listed has nobody who could miss anything.
        if (!dropped && ground.view().member(to.node()) != null && untold.add(to)) {
            later(UNTAKEN_MILLIS, () -> {
                untold.remove(to);
                push(caller, to, word, word);
            });
        }
    }

    long nextId() {
        long count = ids.incrementAndGet();
        if (count >>> ID_COUNT_BITS != 0) {
            throw new IllegalStateException("slot " + slot() + " has given out all its ids; drain it to get new ones");
        }
        int slotBits = slot.number() - 1;
        return grant.epoch() << (ID_SLOT_BITS + ID_COUNT_BITS) | (long) slotBits << ID_COUNT_BITS | count;
    }

    // ---- The store

    Vault vault() {
        Vault there = vault;
        if (there == null) {
            throw new IllegalStateException("entities keep their state in a store and this node has none: configure one"
                    + " (NodeConfig.withStore)");
        }
        return there;
    }

    /** What the store has of a key, behind the fence. Waits. */
    List<StorePiece> load(Bytes key) throws InterruptedException {
        while (true) {
            awaitLease();
            List<StorePiece> pieces = new ArrayList<>();
            StoreOutcome<Long> outcome;
            try {
                outcome = ground.await(vault().load(key, pieces::add), Entities.PATIENCE.toNanos());
            } catch (TimeoutException silent) {
                outcome = new StoreOutcome.Unknown<>("the store does not answer");
            }
            switch (outcome) {
                case StoreOutcome.Done<Long> _ -> {
                    return pieces;
                }
                case StoreOutcome.Refused<Long>(StoreRefusal.Fenced(long epoch)) ->
                    throw new SlotLostException(grant() + " is not this node's any more: the store has epoch " + epoch);
                case StoreOutcome.Refused<Long> _, StoreOutcome.Unknown<Long> _ -> ground.pause(RETRY_MILLIS);
            }
        }
    }

    private void awaitLease() throws InterruptedException {
        while (!dropped && !ground.mayAct()) {
            ground.pause(SUSPENDED_MILLIS);
        }
        if (dropped) {
            throw new SlotLostException(grant() + " is not this node's any more");
        }
    }

    // ---- What the node wants

    /** Each entity is loaded when it is called; those with timers or messages of their own accord. */
    @Override
    public void load(Report report) {
        ground.execute(() -> {
            try {
                awake = wakes.load();
                report.done();
            } catch (InterruptedException | WireException | RuntimeException e) {
                report.failed("what its entities have under way cannot be loaded: " + e.getMessage());
            }
        });
    }

    @Override
    public void serve() {
        serving = true;
        awake.forEach(this::wake);
        awake = List.of();
    }

    private void wake(Bytes storeKey) {
        EntityType type = entities.type(EntityType.nameIn(storeKey));
        if (type == null) {
            LOG.warn(
                    "slot {}: entity {} has a timer or a message under way, and this build has no such entity",
                    slot(),
                    storeKey.utf8());
            return;
        }
        try {
            Object key = type.keys().read(type.keyIn(storeKey));
            hosts.compute(storeKey, (_, there) -> {
                if (dropped) {
                    return there;
                }
                EntityHost host = there == null ? new EntityHost(this, type, key, storeKey) : there;
                host.wake();
                return host;
            });
        } catch (IllegalStateException noRoom) {
            LOG.warn("slot {}: {} waits for room: {}", slot(), storeKey.utf8(), noRoom.getMessage());
            later(WAKE_AGAIN_MILLIS, () -> wake(storeKey));
        } catch (RuntimeException noSuchKey) {
            LOG.warn(
                    "slot {}: {} is no key of this build's {}: {}",
                    slot(),
                    storeKey.utf8(),
                    type.name(),
                    noSuchKey.toString());
        }
    }

    Audiences audiences() {
        return audiences;
    }

    WakeBook wakes() {
        return wakes;
    }

    /** Entities ask before each message whether they may run it. */
    @Override
    public void suspend() {}

    @Override
    public void resume() {}

    @Override
    public void quiesce(Runnable done) {
        serving = false;
        whenQuiet.set(done);
        tellIfQuiet();
    }

    void begins() {
        busy.incrementAndGet();
    }

    void ends() {
        if (busy.decrementAndGet() == 0 && !serving) {
            tellIfQuiet();
        }
    }

    private void tellIfQuiet() {
        if (busy.get() == 0) {
            Runnable done = whenQuiet.getAndSet(null);
            if (done != null) {
                done.run();
            }
        }
    }

    @Override
    public void flush(Report report) {
        List<EntityHost> all = List.copyOf(hosts.values());
        CountDownLatch written = new CountDownLatch(all.size());
        all.forEach(host -> host.flush(written));
        ground.execute(() -> {
            try {
                if (written.await(FLUSH_SECONDS, TimeUnit.SECONDS)) {
                    report.done();
                } else {
                    report.failed(written.getCount() + " entities have soft states that the store does not take");
                }
            } catch (InterruptedException ended) {
                report.failed("the node ends");
            }
        });
    }

    @Override
    public void drop(String cause) {
        dropped = true;
        serving = false;
        for (Bytes key : List.copyOf(hosts.keySet())) {
            hosts.computeIfPresent(key, (_, host) -> {
                host.drop();
                return null;
            });
        }
        try {
            sweeper.send(false);
        } catch (ProcessBusyException itSweeps) {
            LOG.debug("slot {}: its sweeper is busy", slot());
        }
    }

    static {
        if (ServicePlan.SLOTS_MAX > 1 << ID_SLOT_BITS) {
            throw new IllegalStateException("ids have no room for " + ServicePlan.SLOTS_MAX + " slots");
        }
    }
}
