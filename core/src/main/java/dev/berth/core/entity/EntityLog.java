package dev.berth.core.entity;

import dev.berth.core.machine.Outbox;
import dev.berth.core.session.FeedItem;
import dev.berth.core.session.FeedLog;
import dev.berth.core.store.StoreLimits;
import dev.berth.core.store.StorePiece;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

// Turns do not wait for the disk: the next one runs on what the one before has changed, and its write follows, at the
// version that the write before will make. Only what a turn wants to tell waits until its own write and all before it
// are durable, since it has seen them. If one write is not done, none after it is, because the store compares versions;
// then everything in memory is thrown away, and what the store has says of each turn whether it has happened. So there
// is one way back from every trouble, and after it no turn is in doubt.

/**
 * Decides of one entity at one owner, behind its fence, what is written and when what a turn did may be told. One owner at a
 * time.
 */
public class EntityLog {
    /** Deltas after which a snapshot is written, if they also outweigh the state. */
    private static final int DELTAS = 64;

    private static final int DELTAS_MOST = 512;
    private static final int SPREAD = 64;

    /** With more bytes of deltas than that the store might not take another one. */
    private static final int DELTA_BYTES_MOST = StoreLimits.DELTA_BYTES_MAX - StoreLimits.DELTA_MAX;

    private static final int DELTA_MAX = 60_000;

    private enum State {
        /** The key is being loaded; no turn runs. */
        LOADING,
        OPEN,
        /** A write was not done; what is under way comes to its end, then the key is loaded again. */
        BROKEN
    }

    /** @param version that must be durable before it leaves */
    private record Waiting(long turn, long version) {}

    private State state = State.LOADING;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(1);

    // Most entities have one state and nothing else, and a node has a million of them.
    private SortedMap<String, Bytes> cells = Collections.emptySortedMap();
    private SortedMap<String, FeedLog> feeds = Collections.emptySortedMap();
    private SortedMap<String, Alarm> alarms = Collections.emptySortedMap();
    private SortedMap<Long, Parcel> parcels = Collections.emptySortedMap();

    private Operations operations = new Operations();
    private long alarmsSet;
    private long parcelsSent;
    /** Of the newest write that was asked for. */
    private long version;
    /** Of the newest write that is on disk. */
    private long durable;
    /** Writes that were asked for and whose end is not known. */
    private int underWay;

    private int deltas;
    private int deltaBytes;
    private int imageBytes;
    /** Less than {@link #SPREAD}: how much later than others it writes its snapshots. */
    private final byte later;

    /**
     * Of one entity.
     *
     * @param keyHash of its key: many that began together would otherwise all write their first snapshot at once
     */
    public EntityLog(long keyHash) {
        later = (byte) Math.floorMod(keyHash, SPREAD);
    }

    /** Whether a turn may run now. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether nothing waits, so that it can be forgotten and loaded again later. */
    public boolean isAtRest() {
        return state == State.OPEN && waiting.isEmpty() && underWay == 0;
    }

    public SortedMap<String, Bytes> cells() {
        return Collections.unmodifiableSortedMap(cells);
    }

    private static <K, V> SortedMap<K, V> and(SortedMap<K, V> all, K key, V value) {
        SortedMap<K, V> next = all instanceof TreeMap<K, V> ? all : new TreeMap<>();
        next.put(key, value);
        return next;
    }

    private static <K, V> SortedMap<K, V> without(SortedMap<K, V> all, K key) {
        if (all.containsKey(key)) {
            all.remove(key);
        }
        return all.isEmpty() ? Collections.emptySortedMap() : all;
    }

    /** What one of its feeds has told so far. */
    public FeedLog feed(String name) {
        return feeds.getOrDefault(name, FeedLog.EMPTY);
    }

    public SortedMap<String, Alarm> alarms() {
        return Collections.unmodifiableSortedMap(alarms);
    }

    public Operations operations() {
        return operations;
    }

    /** The number of the next timer that is set. */
    public long nextAlarm() {
        return alarmsSet + 1;
    }

    /** Messages that have not arrived, by their numbers. */
    public SortedMap<Long, Parcel> parcels() {
        return Collections.unmodifiableSortedMap(parcels);
    }

    /** The number of the next message that is to arrive. */
    public long nextParcel() {
        return parcelsSent + 1;
    }

    /**
     * What the store has of the key, under the own fence; a WireException if a build is too old for it, or it is damaged: then all
     * turns that wait are undone and it stays closed.
     */
    public void loaded(List<? extends StorePiece> pieces, Outbox<EntityAction> out) throws WireException {
        try {
            read(pieces);
        } catch (WireException | RuntimeException unreadable) {
            waiting.forEach(each -> out.add(new EntityAction.Undo(each.turn)));
            waiting.clear();
            throw unreadable instanceof WireException known
                    ? known
                    : new WireException(WireException.Kind.INVALID, String.valueOf(unreadable.getMessage()));
        }
        durable = version;
        state = State.OPEN;
        underWay = 0;
        for (Waiting each : waiting) {
            out.add(each.version <= durable ? new EntityAction.Release(each.turn) : new EntityAction.Undo(each.turn));
        }
        waiting.clear();
    }

    private void read(List<? extends StorePiece> pieces) throws WireException {
        nothing();
        feeds = Collections.emptySortedMap();
        operations = new Operations();
        alarmsSet = 0;
        parcelsSent = 0;
        version = 0;
        deltas = 0;
        deltaBytes = 0;
        imageBytes = 0;
        for (StorePiece piece : pieces) {
            switch (piece) {
                case StorePiece.State snapshot -> {
                    read(EntityImage.CODEC.decode(snapshot.state().toArray()));
                    imageBytes = snapshot.state().length();
                }
                case StorePiece.Delta delta -> {
                    read(EntityDelta.CODEC.decode(delta.delta().toArray()));
                    wrote(delta.delta());
                }
            }
            version = piece.version();
        }
    }

    private void nothing() {
        cells = Collections.emptySortedMap();
        alarms = Collections.emptySortedMap();
        parcels = Collections.emptySortedMap();
    }

    private void read(EntityImage image) {
        image.cells().forEach(cell -> cells = and(cells, cell.name(), cell.value()));
        image.feeds().forEach(feed -> feeds = and(feeds, feed.feed(), feed.history()));
        image.alarms().forEach(alarm -> alarms = and(alarms, alarm.name(), alarm));
        alarmsSet = image.alarmsSet();
        image.parcels().forEach(parcel -> parcels = and(parcels, parcel.number(), parcel));
        parcelsSent = image.parcelsSent();
        operations = Operations.of(image);
    }

    private void read(EntityDelta delta) {
        delta.cells()
                .forEach(cell -> cells = and(
                        cells,
                        cell.name(),
                        Splice.apply(cells.getOrDefault(cell.name(), Bytes.EMPTY), cell.splices())));
        readRest(delta);
    }

    /** All but the cells. */
    private void readRest(EntityDelta delta) {
        delta.unset().forEach(name -> alarms = without(alarms, name));
        delta.set().forEach(alarm -> {
            alarms = and(alarms, alarm.name(), alarm);
            alarmsSet = Math.max(alarmsSet, alarm.number());
        });
        delta.arrived().forEach(number -> parcels = without(parcels, number));
        delta.parcels().forEach(parcel -> {
            parcels = and(parcels, parcel.number(), parcel);
            parcelsSent = Math.max(parcelsSent, parcel.number());
        });
        delta.told().forEach(told -> feeds = and(feeds, told.feed(), after(told.feed(), told.items())));
        if (delta.operation() != null) {
            operations.remember(delta.operation());
        }
    }

    private FeedLog after(String feed, List<FeedItem> items) {
        FeedLog history = feed(feed);
        for (FeedItem item : items) {
            history = history.and(item);
        }
        return history;
    }

    /** A turn has ended that has changed nothing; it has seen all turns before it. */
    public void read(long turn, Outbox<EntityAction> out) {
        end(turn, out);
    }

    /**
     * A turn has ended and wants this changed.
     *
     * @throws IllegalArgumentException when that would be more than an entity may have; nothing has changed
     */
    public void changed(long turn, Change change, Outbox<EntityAction> out) {
        if (state == State.OPEN) {
            write(change, out);
        }
        end(turn, out);
    }

    /** Whether nothing was ever written. */
    public boolean isBlank() {
        return version == 0;
    }

    /** Whether states, timers and messages are these. */
    public boolean isLike(EntityImage image) {
        TreeMap<String, Bytes> theirs = new TreeMap<>();
        image.cells().forEach(cell -> theirs.put(cell.name(), cell.value()));
        return cells.equals(theirs)
                && keptFeeds().equals(image.feeds())
                && List.copyOf(alarms.values()).equals(image.alarms())
                && List.copyOf(parcels.values()).equals(image.parcels());
    }

    // Its counters never go back: others remember the numbers of its messages, and clients positions of its feeds.

    /**
     * A turn has ended and wants all to be as in this image, which a log has made; as {@link #changed}.
     *
     * @param operation what caused it, with its answer
     */
    public void replaced(long turn, EntityImage image, Remembered operation, Outbox<EntityAction> out) {
        if (state == State.OPEN) {
            require(
                    image.cells().stream()
                                    .mapToInt(cell -> cell.value().length())
                                    .sum()
                            + image.feeds().stream()
                                    .mapToInt(feed -> feed.history().weight())
                                    .sum(),
                    EntityLimits.STATE_MAX,
                    "bytes of state");
            long alarmsBefore = alarmsSet;
            long parcelsBefore = parcelsSent;
            TreeMap<String, FeedLog> toldBefore = new TreeMap<>(feeds);
            nothing();
            read(image);
            alarmsSet = Math.max(alarmsSet, alarmsBefore);
            parcelsSent = Math.max(parcelsSent, parcelsBefore);
            toldBefore.forEach((name, told) -> feeds = and(feeds, name, further(feed(name), told)));
            operations.remember(operation);
            snapshot(out);
        }
        end(turn, out);
    }

    /** What was told stays told. */
    private static FeedLog further(FeedLog theirs, FeedLog own) {
        return own.last() > theirs.last() ? own : theirs;
    }

    private void snapshot(Outbox<EntityAction> out) {
        Bytes image = image();
        out.add(new EntityAction.Snapshot(version, image));
        imageBytes = image.length();
        deltas = 0;
        deltaBytes = 0;
        version++;
        underWay++;
    }

    private void end(long turn, Outbox<EntityAction> out) {
        if (state == State.OPEN) {
            waiting.add(new Waiting(turn, version));
            release(out);
        } else {
            // It ran on what may not be so.
            out.add(new EntityAction.Undo(turn));
        }
    }

    private void write(Change change, Outbox<EntityAction> out) {
        requireFits(change);
        List<CellChange> changes = new ArrayList<>();
        change.cells().forEach((name, value) -> {
            Bytes before = cells.getOrDefault(name, Bytes.EMPTY);
            changes.add(new CellChange(name, Splice.between(before, value)));
        });
        List<FeedTold> told = new ArrayList<>();
        change.told().forEach((feed, items) -> told.add(new FeedTold(feed, items)));
        EntityDelta delta = new EntityDelta(
                changes, change.operation(), change.set(), change.unset(), change.parcels(), change.arrived(), told);
        // What cannot be written throws here, before anything has changed.
        Bytes bytes = Bytes.wrap(EntityDelta.CODEC.encode(delta));
        change.cells().forEach((name, value) -> cells = and(cells, name, value));
        readRest(delta);
        if (bytes.length() > DELTA_MAX || isTimeForASnapshot()) {
            snapshot(out);
        } else {
            out.add(new EntityAction.Append(version, bytes));
            wrote(bytes);
            version++;
            underWay++;
        }
    }

    private void wrote(Bytes delta) {
        deltas++;
        deltaBytes += delta.length();
    }

    private boolean isTimeForASnapshot() {
        return deltas >= DELTAS_MOST + later
                || deltaBytes > DELTA_BYTES_MOST
                || (deltas >= DELTAS + later
                        && deltaBytes > (2 + (float) later / SPREAD) * Math.max(imageBytes, stateBytes()));
    }

    private int stateBytes() {
        int bytes = 0;
        for (Bytes cell : cells.values()) {
            bytes += cell.length();
        }
        for (FeedLog feed : feeds.values()) {
            bytes += feed.weight();
        }
        return bytes;
    }

    private List<FeedKept> keptFeeds() {
        List<FeedKept> kept = new ArrayList<>();
        feeds.forEach((name, history) -> kept.add(FeedKept.of(name, history)));
        return kept;
    }

    private void requireFits(Change change) {
        int bytes = stateBytes();
        int count = cells.size();
        for (var cell : change.cells().entrySet()) {
            Bytes before = cells.get(cell.getKey());
            bytes += cell.getValue().length() - (before == null ? 0 : before.length());
            count += before == null ? 1 : 0;
        }
        int told = feeds.size();
        for (var feed : change.told().entrySet()) {
            bytes += growth(feed.getKey(), feed.getValue());
            told += feeds.containsKey(feed.getKey()) ? 0 : 1;
        }
        require(bytes, EntityLimits.STATE_MAX, "bytes of state; divide it into several entities");
        require(count, EntityLimits.CELLS_MAX, "states; put them into one record");
        require(told, EntityLimits.FEEDS_MAX, "feeds");
        change.cells().keySet().forEach(EntityLog::requireName);
        change.set().forEach(alarm -> requireName(alarm.name()));
        if (!change.set().isEmpty()) {
            long timers = alarms.size()
                    + change.set().stream()
                            .filter(alarm -> !alarms.containsKey(alarm.name()))
                            .count();
            require(timers, EntityLimits.ALARMS_MAX, "durable timers; let one stand for many");
        }
        if (!change.parcels().isEmpty()) {
            int waiting = parcels.size() + change.parcels().size();
            require(waiting, EntityLimits.PARCELS_MAX, "messages that wait to arrive; try again later");
            int weight = Stream.concat(parcels.values().stream(), change.parcels().stream())
                    .mapToInt(parcel -> parcel.call().arguments().length()
                            + parcel.call().key().length()
                            + 2 * EntityLimits.NAME_MAX)
                    .sum();
            require(weight, EntityLimits.PARCEL_BYTES_MAX, "bytes in messages that wait to arrive; try again later");
        }
    }

    /** Of a feed's history by these items. */
    private int growth(String feed, List<FeedItem> items) {
        int bytes = items.stream().mapToInt(FeedItem::weight).sum();
        FeedLog history = feed(feed);
        // What goes for them makes it smaller, and costs more to know.
        return history.weight() + bytes <= EntityLimits.STATE_MAX / 4
                ? bytes
                : after(feed, items).weight() - history.weight();
    }

    private static void requireName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > EntityLimits.NAME_MAX) {
            throw new IllegalArgumentException("the name of a state or timer has at most " + EntityLimits.NAME_MAX
                    + " bytes, this one " + bytes + ": " + name);
        }
    }

    private static void require(long wanted, long most, String what) {
        if (wanted > most) {
            throw new IllegalArgumentException(
                    "an entity has at most " + most + " " + what + " (it would be " + wanted + ")");
        }
    }

    /** As a snapshot has it: an {@link EntityImage}. */
    public Bytes image() {
        List<Cell> all = new ArrayList<>();
        cells.forEach((name, value) -> all.add(new Cell(name, value)));
        return Bytes.wrap(EntityImage.CODEC.encode(new EntityImage(
                all,
                operations.all(),
                operations.allForgotten(),
                operations.clientsForgotten(),
                List.copyOf(alarms.values()),
                alarmsSet,
                List.copyOf(parcels.values()),
                parcelsSent,
                keptFeeds())));
    }

    /** The write behind this version is on disk. */
    public void written(long behind, Outbox<EntityAction> out) {
        underWay--;
        durable = Math.max(durable, behind + 1);
        release(out);
        loadWhenQuiet(out);
    }

    /** That write was refused, or nobody knows what became of it. */
    public void failed(Outbox<EntityAction> out) {
        underWay--;
        state = State.BROKEN;
        loadWhenQuiet(out);
    }

    private void release(Outbox<EntityAction> out) {
        while (!waiting.isEmpty() && mayLeave(waiting.getFirst().version, durable)) {
            out.add(new EntityAction.Release(waiting.removeFirst().turn));
        }
    }

    /** Safety: nothing that a change caused leaves before the change is durable. */
    protected boolean mayLeave(long needed, long onDisk) {
        return needed <= onDisk;
    }

    private void loadWhenQuiet(Outbox<EntityAction> out) {
        if (state == State.BROKEN && underWay == 0) {
            state = State.LOADING;
            out.add(new EntityAction.Load());
        }
    }
}
