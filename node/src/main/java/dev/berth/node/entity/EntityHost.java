package dev.berth.node.entity;

import dev.berth.core.call.CallException;
import dev.berth.core.call.OperationId;
import dev.berth.core.call.PeerMessage.Call;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.cluster.Buckets;
import dev.berth.core.entity.Alarm;
import dev.berth.core.entity.Change;
import dev.berth.core.entity.EntityCall;
import dev.berth.core.entity.EntityLog;
import dev.berth.core.entity.Operations;
import dev.berth.core.entity.Parcel;
import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.plane.Work;
import dev.berth.node.process.Behavior;
import dev.berth.node.process.CallCycleException;
import dev.berth.node.process.ProcessBusyException;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Self;
import dev.berth.node.worker.Acting;
import dev.berth.node.worker.SlotLostException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One entity in memory at its owner: a process that loads and runs turns; {@link Commits} has what they lead to. */
final class EntityHost implements Behavior<Note> {
    static final int EFFECTS_MAX = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(EntityHost.class);
    private static final long ALARM_AGAIN_MILLIS = 1_000;
    private static final long LOST_MILLIS = 20;

    private final EntitySlot slot;
    private final EntityType type;
    private final Object key;
    private final Bytes storeKey;
    private final long chainLink;
    /** Who it is when it hears of messages that were not taken: its calls then are not those of its timers. */
    private final long returns;

    private final EntityLog log;
    private final Commits commits;
    private final Deliveries deliveries = new Deliveries(this);
    /** For whom a method of it waits at this moment; 0 for nobody. */
    private volatile long waitsFor;

    // The process's.
    private long made;
    private @Nullable Turn turn;
    private @Nullable Workbench bench;
    /** Whether the next owner would bring it into memory by himself. */
    private boolean noted;
    /** It is in no table any more, and another one may be; it only reads what is in its mailbox. */
    private boolean left;

    private volatile @Nullable ProcessRef<Note> process;
    private volatile long usedNanos;

    EntityHost(EntitySlot slot, EntityType type, Object key, Bytes storeKey) {
        this.slot = slot;
        this.usedNanos = slot.ground().nanos();
        this.type = type;
        this.key = key;
        this.storeKey = storeKey;
        this.chainLink = Buckets.hash(storeKey.toArray());
        this.returns = Buckets.hash(chainLink);
        this.log = new EntityLog(chainLink);
        this.commits = new Commits(slot, storeKey, log, () -> poke(new Note.Open()));
    }

    EntitySlot slot() {
        return slot;
    }

    EntityType type() {
        return type;
    }

    Object key() {
        return key;
    }

    Bytes storeKey() {
        return storeKey;
    }

    /** Stands for this entity in the chain of those who wait for each other. */
    long chainLink() {
        return chainLink;
    }

    RecordBook book() {
        return slot.entities().messages();
    }

    EntityLog log() {
        return log;
    }

    // ---- Its mailbox

    /** False if it could not be put anywhere; then it has been answered. */
    boolean put(Work work, EntityCall asked) {
        List<Long> chain = work.dispatch().call().chain();
        if (chain.contains(chainLink) || (waitsFor != 0 && chain.contains(waitsFor))) {
            // Its mailbox is not read before the one that waits has its answer.
            work.answer(new Result.Error(
                    CallCycleException.KIND,
                    this + "." + asked.method() + " is called by somebody for whom " + this
                            + " is waiting; deliver a message instead (Context.deliver), or make the method @OneWay"));
            return process != null;
        }
        try {
            start().send(new Note.Asked(work, asked, System.nanoTime()));
            return true;
        } catch (ProcessBusyException full) {
            slot.refuse(work, RefusedReason.BUSY);
            return true;
        } catch (IllegalStateException noRoom) {
            LOG.warn("{} cannot be brought into memory: {}", this, noRoom.getMessage());
            slot.refuse(work, RefusedReason.BUSY);
            return false;
        }
    }

    /** Called while the table's entry is held. */
    private ProcessRef<Note> start() {
        ProcessRef<Note> there = process;
        if (there == null) {
            there = slot.ground().spawn((Self<Note> _) -> this);
            process = there;
            slot.entities().meters().enters();
        }
        return there;
    }

    /** It has a timer: brings it into memory, where it sets its timers. */
    void wake() {
        slot.surely(start(), new Note.Open());
    }

    void poke(Note note) {
        ProcessRef<Note> there = process;
        if (there != null) {
            try {
                there.send(note);
            } catch (ProcessBusyException soonAnyway) {
                LOG.trace("{}: {} waits for nothing", this, note);
            }
        }
    }

    void sweep() {
        if (isIdle()) {
            poke(new Note.Idle());
        }
    }

    private boolean isIdle() {
        return slot.ground().nanos() - usedNanos > slot.entities().idle().toNanos();
    }

    void flush(CountDownLatch written) {
        ProcessRef<Note> there = process;
        if (there == null) {
            written.countDown();
        } else {
            slot.surely(there, new Note.Flush(written));
        }
    }

    /** The slot is somebody else's. What was under way is not told any more; the callers hear it from the view. */
    void drop() {
        deliveries.end();
        commits.drop();
        ProcessRef<Note> there = process;
        if (there != null) {
            slot.surely(there, new Note.Last());
        }
    }

    @Override
    public @Nullable Object on(Self<Note> self, Note note) throws InterruptedException {
        if (note instanceof Note.Last) {
            if (bench != null) {
                bench.close();
            }
            self.stop("left the memory");
            slot.entities().meters().leaves();
            return null;
        }
        if (left) {
            switch (note) {
                case Note.Asked(Work work, EntityCall _, long _) -> slot.put(work);
                case Note.Flush(CountDownLatch written) -> written.countDown();
                case Note notMine -> LOG.trace("{} has left the memory: {}", this, notMine);
            }
            return null;
        }
        slot.begins();
        try {
            switch (note) {
                case Note.Asked(Work work, EntityCall call, long atNanos) -> asked(self, work, call, atNanos);
                case Note.Rang(long made, Runnable what) -> rang(self, made, what);
                case Note.AlarmDue(String name) -> alarm(self, name);
                case Note.Open _ -> open(self);
                case Note.Arrived(long parcel, String why) -> arrived(self, parcel, why);
                case Note.Flush(CountDownLatch written) -> writeSoft(written::countDown);
                case Note.Idle _ -> {
                    if (slot.serves() && isIdle() && mayLeave()) {
                        leave(self);
                    }
                }
                case Note.Last _ -> {}
            }
        } catch (SlotLostException lost) {
            LOG.debug("{}: {}", this, lost.getMessage());
        } catch (WireException unreadable) {
            LOG.error("{} cannot be loaded: {}", this, unreadable.getMessage());
        } finally {
            slot.ends();
        }
        return null;
    }

    // ---- Turns

    private void asked(Self<Note> self, Work work, EntityCall asked, long putNanos)
            throws InterruptedException, WireException {
        if (!slot.admits(work, asked.again())) {
            return;
        }
        long begun = System.nanoTime();
        usedNanos = slot.ground().nanos();
        Call call = work.dispatch().call();
        EntityType.Call method = type.call(asked.method());
        if (method == null && !Copies.Question.isOne(asked.method())) {
            work.answer(new Result.Error(
                    "UnknownMethod",
                    "this build's " + type.name() + " has no method " + asked.method() + "; it has "
                            + type.calls().keySet()));
            return;
        }
        Workbench at;
        try {
            if (method == null) {
                new Copyist(this, commits, Copies.Question.of(asked.method())).answer(self, work, asked);
                return;
            }
            at = open(self);
        } catch (SlotLostException lost) {
            // The view that says so is on its way; before it is here the call would come round again at once.
            slot.ground().pause(LOST_MILLIS);
            work.returned();
            return;
        } catch (WireException unreadable) {
            work.answer(new Result.Error("StateUnreadable", this + ": " + unreadable.getMessage()));
            return;
        } catch (RuntimeException | LinkageError thrown) {
            work.answer(Answers.error(thrown));
            return;
        }
        OperationId operation = call.operation();
        boolean again = call.again() || asked.again();
        if (operation == null || !isAnswered(work, operation, again)) {
            EntityMeters.Method meter = slot.entities().meters().of(type.name(), method.name());
            run(
                    new Turn(this, work, operation, again),
                    () -> {
                        @Nullable Object[] arguments = method.signature().readArguments(asked.arguments());
                        Object answer = method.of().invoke(at.code(), arguments);
                        return Answers.sendable(method.signature().writeAnswer(answer));
                    },
                    () -> slot.surely(self.ref(), new Note.Asked(work, asked.onceMore(), putNanos)),
                    well -> meter.ended(
                            well,
                            putNanos,
                            begun,
                            () -> EntityMeters.name(this + "." + method.name(), chainLink, call.chain())));
            leaveIfAsked(self, at);
        }
    }

    boolean isAnswered(Work work, OperationId operation, boolean again) {
        return switch (log.operations().find(operation, again)) {
            case Operations.Found.Known(Bytes answer) -> {
                commits.end(new Commits.Told(work, new Result.Value(answer), List.of(), null), null);
                yield true;
            }
            case Operations.Found.TooOld _ -> {
                slot.refuse(work, RefusedReason.TOO_OLD);
                yield true;
            }
            case Operations.Found.New _ -> false;
        };
    }

    /** A method, or what a timer does. */
    private interface Body {
        Bytes run() throws Throwable;
    }

    /** Its answer, if any, has left. */
    private interface Ending {
        Ending NOBODY = _ -> {};

        void ended(boolean well);
    }

    /**
     * False if it threw.
     *
     * @param redo if it turns out that it saw what is not so: does it again, where it must not be said that it surely did not run
     */
    private boolean run(Turn now, Body body, Runnable redo, Ending ending) {
        Work work = now.atHand();
        turn = now;
        try {
            Bytes answer = ScopedValue.where(Acting.CURRENT, now).call(body::run);
            Workbench at = bench();
            Change change = at.change(now, work == null ? null : now.operation(), answer);
            List<Runnable> effects = now.effects();
            now.arrived().forEach(parcel -> effects.add(() -> deliveries.forget(parcel)));
            now.parcels().forEach(parcel -> effects.add(() -> deliveries.send(parcel, false)));
            effects.add(() -> ending.ended(true));
            // Who has called others may have had effects there.
            boolean again = work == null || now.hasCalled();
            commits.end(new Commits.Told(work, new Result.Value(answer), effects, again ? redo : null), change);
            if (change != null) {
                at.isBeingWritten(change);
            }
            return true;
        } catch (UndoneException undone) {
            now.rollBack();
            if (work == null || now.hasCalled()) {
                redo.run();
            } else {
                slot.refuse(work, RefusedReason.BUSY);
            }
            return true;
        } catch (Throwable thrown) {
            // Otherwise the process would end, and with it the entity.
            now.rollBack();
            commits.end(new Commits.Told(work, Answers.error(thrown), List.of(() -> ending.ended(false)), null), null);
            if (work == null) {
                LOG.warn("{}: what a timer does threw", this, thrown);
            } else if (!(thrown instanceof Denied
                    || thrown instanceof CallException
                    || thrown instanceof SlotLostException)) {
                // Its caller is told a sentence, and perhaps nobody reads it: where it was is known here only.
                slot.entities().thrown().warn(this + " has thrown", thrown);
            }
            return false;
        } finally {
            turn = null;
        }
    }

    private Workbench bench() {
        Workbench there = bench;
        if (there == null) {
            throw new IllegalStateException(this + " runs before it is loaded");
        }
        return there;
    }

    private void rang(Self<Note> self, long made, Runnable what) throws InterruptedException, WireException {
        if (!slot.serves()) {
            return;
        }
        Workbench at = open(self);
        if (at.made() == made) {
            run(
                    new Turn(this, null, null, false),
                    () -> {
                        what.run();
                        return Bytes.EMPTY;
                    },
                    () -> LOG.debug("{}: a timer's turn is left out, its state is loaded again", this),
                    Ending.NOBODY);
            leaveIfAsked(self, at);
        }
    }

    private void alarm(Self<Note> self, String name) throws InterruptedException, WireException {
        if (!slot.serves()) {
            return;
        }
        Workbench at = open(self);
        Alarm alarm = log.alarms().get(name);
        if (alarm == null) {
            return;
        }
        long wait = alarm.dueMillis() - slot.ground().millis();
        if (wait > 0) {
            at.ringIn(wait, name);
            return;
        }
        // If it is run again, by the next owner, it makes the same calls.
        boolean rung = run(
                new Turn(this, null, new OperationId(chainLink, alarm.number()), !at.isFirstRing(alarm)),
                () -> {
                    at.alarmed().alarm(name);
                    Turn now = turn("alarm");
                    if (!now.alarms().containsKey(name)) {
                        now.alarm(name, null);
                    }
                    return Bytes.EMPTY;
                },
                // It is loaded again, which sets its timers.
                () -> {},
                Ending.NOBODY);
        if (!rung) {
            at.ringIn(ALARM_AGAIN_MILLIS, name);
        }
    }

    /** One of its messages has arrived, or never will. */
    void arrived(long parcel, @Nullable String why) {
        ProcessRef<Note> there = process;
        if (there != null) {
            slot.surely(there, new Note.Arrived(parcel, why));
        }
    }

    private void arrived(Self<Note> self, long number, @Nullable String why)
            throws InterruptedException, WireException {
        if (!slot.serves()) {
            return;
        }
        // What follows to the same one waits for it.
        Runnable again = () -> slot.later(ALARM_AGAIN_MILLIS, () -> arrived(number, why));
        Workbench at;
        try {
            at = open(self);
        } catch (RuntimeException | WireException unopened) {
            again.run();
            throw unopened;
        }
        Parcel parcel = log.parcels().get(number);
        if (parcel == null) {
            return;
        }
        if (why == null && deliveries.isLate(number)) {
            at.writesLate();
            return;
        }
        boolean known = run(
                new Turn(this, null, new OperationId(returns, number), !deliveries.isOwn(number)),
                () -> {
                    if (why != null) {
                        at.returned(parcel.call(), why);
                    }
                    turn("returned").arrived(number);
                    return Bytes.EMPTY;
                },
                again,
                Ending.NOBODY);
        if (!known) {
            again.run();
        }
    }

    Deliveries deliveries() {
        return deliveries;
    }

    /** Soft states that were lost with a failed write are as lost as with a killed owner. */
    void writeSoft(Runnable then) {
        Workbench at = bench;
        Change change = at == null || !commits.isOpen() ? null : at.softChange();
        Runnable written = () -> {
            (change == null ? List.<Long>of() : change.arrived()).forEach(deliveries::forget);
            then.run();
        };
        try {
            commits.end(new Commits.Told(null, null, List.of(written), then), change);
            if (change != null && at != null) {
                at.isBeingWritten(change);
            }
        } catch (IllegalArgumentException tooMuch) {
            LOG.error("{}: soft states cannot be written: {}", this, tooMuch.getMessage());
            then.run();
        }
    }

    /** Around a call of its code to another entity. */
    void waitsFor(long other) {
        waitsFor = other;
    }

    /** The turn that this thread runs; an IllegalStateException if the entity is not at work. */
    Turn turn(String what) {
        Turn now = turn;
        if (now == null || Turn.current() != now) {
            throw new IllegalStateException(
                    what + " is for the code of " + this + " itself, while it handles a call or a timer");
        }
        return now;
    }

    /** Before it calls others: they must not know what may never have been. */
    void awaitDurable() {
        commits.awaitDurable();
    }

    /** With timers and messages that outlive its owner it stays. */
    private void leaveIfAsked(Self<Note> self, Workbench at) throws InterruptedException, WireException {
        if (!at.stops() || hasUnderWay()) {
            return;
        }
        writeSoft(() -> {});
        try {
            awaitDurable();
        } catch (UndoneException loadedAgain) {
            // What it was asked to do then has not happened.
            return;
        }
        leave(self);
    }

    boolean hasUnderWay() {
        return !log.alarms().isEmpty() || !log.parcels().isEmpty();
    }

    private boolean mayLeave() {
        Workbench at = bench;
        return at == null ? !commits.isOpen() || !hasUnderWay() : at.isQuiet() && commits.isAtRest() && !hasUnderWay();
    }

    // First it is struck out of the wake book: then no next owner, here or elsewhere, has noted it in between. Then it
    // leaves the table, and what was put into its mailbox meanwhile goes to whoever is there next.

    void leave(Self<Note> self) throws InterruptedException, WireException {
        // What cannot be loaded may have something under way.
        if (noted && commits.isOpen()) {
            slot.wakes().remove(storeKey);
            noted = false;
        }
        left = true;
        deliveries.end();
        slot.leave(this);
        slot.surely(self.ref(), new Note.Last());
    }

    /** Before it has a timer or a message that outlives this owner. */
    void outlives() throws InterruptedException, WireException {
        if (!noted) {
            slot.wakes().add(storeKey);
            noted = true;
        }
    }

    // ---- The log

    /** Loaded, and its code made. */
    Workbench open(Self<Note> self) throws InterruptedException, WireException {
        openLog();
        Workbench there = bench;
        if (there == null) {
            there = new Workbench(this, self, ++made);
            there.begin(commits.isFull() ? ALARM_AGAIN_MILLIS : 0);
            noted |= hasUnderWay();
            log.parcels().values().forEach(parcel -> deliveries.send(parcel, true));
            bench = there;
        }
        return there;
    }

    /** Loaded, if the code is not needed. */
    void openLog() throws InterruptedException, WireException {
        while (!commits.isOpen()) {
            commits.loaded(slot.load(storeKey));
            forgetCode();
        }
    }

    /** It is made anew of what the log has. */
    void forgetCode() {
        if (bench != null) {
            bench.close();
            bench = null;
        }
    }

    boolean hasCode() {
        return bench != null;
    }

    @Override
    public String toString() {
        return type.name() + " " + key;
    }
}
