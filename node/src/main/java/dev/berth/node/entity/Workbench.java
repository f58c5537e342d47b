package dev.berth.node.entity;

import dev.berth.core.call.Address;
import dev.berth.core.call.OperationId;
import dev.berth.core.entity.Alarm;
import dev.berth.core.entity.Change;
import dev.berth.core.entity.EntityCall;
import dev.berth.core.entity.EntityLimits;
import dev.berth.core.entity.Parcel;
import dev.berth.core.entity.Remembered;
import dev.berth.core.record.RecordBook;
import dev.berth.core.session.End;
import dev.berth.core.session.FeedItem;
import dev.berth.core.session.SessionLimits;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.process.Self;
import dev.berth.node.process.Timer;
import dev.berth.node.process.Topic;
import dev.berth.node.process.Topics;
import dev.berth.node.tool.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The code of an entity with its states and timers, from one loading to the next. One thread: the entity's process. */
final class Workbench implements Context<Object>, Backstage {
    private static final Logger LOG = LoggerFactory.getLogger(Workbench.class);
    private static final int ANSWER_MAX = 64 << 10;
    private static final Duration LONGEST = Duration.ofDays(1);
    /** So long it may take, if nothing else changes, until it is written that a message has arrived. */
    private static final Duration LATE = Duration.ofSeconds(10);

    private final EntityHost host;
    private final Self<Note> self;
    private final long made;
    private final List<Cell<?>> cells = new ArrayList<>(1);

    // Most have none of these, and a node has a million workbenches.
    private List<OwnFeed> feeds = List.of();
    /** Soft states that the store does not have as they are. */
    private Set<Cell<?>> unwritten = Set.of();

    private List<Timer> timers = List.of();
    /** Those that outlive this owner, by their names, in this one's memory. */
    private Map<String, Timer> alarmTimers = Map.of();
    /** Of those that were set here and have not rung: name and number. */
    private Map<String, Long> fresh = Map.of();

    private @Nullable Object code;
    private @Nullable Timer flush;
    private @Nullable Timer lateFlush;
    private Duration flushAfter = LONGEST;
    private boolean stops;

    /** @param made tells this code from what was made before and after */
    Workbench(EntityHost host, Self<Note> self, long made) {
        this.host = host;
        this.self = self;
        this.made = made;
    }

    /** @param leastMillis before a timer that is due already rings */
    void begin(long leastMillis) {
        try {
            code = host.type().code().apply(this);
        } catch (RuntimeException | Error thrown) {
            close();
            throw thrown;
        }
        long now = host.slot().ground().millis();
        host.log()
                .alarms()
                .values()
                .forEach(alarm -> ringIn(Math.max(leastMillis, alarm.dueMillis() - now), alarm.name()));
        feeds.stream().filter(feed -> feed.hearers() > 0).forEach(feed -> attended(feed.name()));
        if (!late().isEmpty()) {
            writesLate();
        }
    }

    /** Messages that have arrived, and are under way as far as the log knows. */
    private List<Long> late() {
        List<Long> all = host.deliveries().late();
        return all.isEmpty()
                ? all
                : all.stream()
                        .filter(number -> host.log().parcels().containsKey(number))
                        .toList();
    }

    /** What has arrived is written with what changes next, or by itself. */
    void writesLate() {
        if (lateFlush == null) {
            lateFlush = self.after(LATE, new Note.Flush(new CountDownLatch(1)));
        }
    }

    private void lateIsWritten() {
        if (lateFlush != null) {
            lateFlush.cancel();
            lateFlush = null;
        }
    }

    /** As a turn of its own. */
    void attended(String feed) {
        if (code() instanceof Attended attended) {
            host.slot().surely(self.ref(), new Note.Rang(made, () -> attended.attended(feed)));
        }
    }

    void close() {
        timers.forEach(Timer::cancel);
        alarmTimers.values().forEach(Timer::cancel);
        if (flush != null) {
            flush.cancel();
        }
        lateIsWritten();
    }

    long made() {
        return made;
    }

    Object code() {
        Object there = code;
        if (there == null) {
            throw new IllegalStateException(host + " is called while its code is being made");
        }
        return there;
    }

    Alarmed alarmed() {
        if (code() instanceof Alarmed alarmed) {
            return alarmed;
        }
        throw new IllegalStateException(code().getClass().getName()
                + " sets timers with Context.at and does not implement Alarmed: who should hear them?");
    }

    /** The other entity did not take it. */
    void returned(EntityCall message, String why) throws Exception {
        EntityType type = host.slot().entities().type(message.type());
        String what = type == null
                ? message.type() + "." + message.method()
                : type.name() + " " + type.keys().read(message.key()) + "." + message.method();
        if (!(code() instanceof Returned returned)) {
            LOG.warn("{}: {} was not taken and {} does not implement Returned: {}", host, what, code().getClass(), why);
            return;
        }
        EntityType.Call call = type == null ? null : type.call(message.method());
        @Nullable
        Object[] arguments = call == null ? new Object[0] : call.signature().readArguments(message.arguments());
        returned.returned(what, arguments, why);
    }

    /** What it is, for people: JSON. */
    String picture() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("entity", host.type().name());
        all.put("key", String.valueOf(host.key()));
        all.put("slot", host.slot().slot().toString());
        all.put("node", host.slot().ground().self().toString());
        Map<String, @Nullable Object> states = new LinkedHashMap<>();
        cells.stream()
                .sorted(Comparator.comparing(Cell::name))
                .forEach(cell -> states.put(cell.name(), Plain.of(cell.get())));
        all.put("states", states);
        if (!feeds.isEmpty()) {
            Map<String, @Nullable Object> told = new LinkedHashMap<>();
            feeds.stream().map(OwnFeed::name).sorted().forEach(name -> told.put(name, shown(name)));
            all.put("feeds", told);
        }
        all.put("not_written_yet", unwritten.stream().map(Cell::name).toList());
        Map<String, String> timers = new LinkedHashMap<>();
        host.log()
                .alarms()
                .values()
                .forEach(alarm -> timers.put(
                        alarm.name(), Instant.ofEpochMilli(alarm.dueMillis()).toString()));
        all.put("timers", timers);
        all.put(
                "under_way",
                host.log().parcels().values().stream()
                        .filter(parcel -> !host.deliveries().late().contains(parcel.number()))
                        .map(this::name)
                        .toList());
        all.put("operations_remembered", host.log().operations().size());
        return Json.line(all);
    }

    private Map<String, @Nullable Object> shown(String feed) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("first", host.log().feed(feed).first());
        all.put("last", host.log().feed(feed).last());
        all.put("hearers", host.slot().audiences().size(host, feed));
        return all;
    }

    private String name(Parcel parcel) {
        EntityCall call = parcel.call();
        EntityType type = host.slot().entities().type(call.type());
        String key = type == null ? "" : " " + type.keys().read(call.key());
        return call.type() + key + "." + call.method();
    }

    boolean stops() {
        return stops;
    }

    /** Nothing would be lost, and nothing happens by itself. */
    boolean isQuiet() {
        return unwritten.isEmpty() && timers.isEmpty();
    }

    void ringIn(long millis, String name) {
        if (alarmTimers.isEmpty()) {
            alarmTimers = new HashMap<>(2);
        }
        Timer former = alarmTimers.put(name, self.after(Duration.ofMillis(millis), new Note.AlarmDue(name)));
        if (former != null) {
            former.cancel();
        }
    }

    private void ringNoMore(String name) {
        if (alarmTimers.containsKey(name)) {
            Timer former = alarmTimers.remove(name);
            former.cancel();
        }
    }

    /** Whether nobody can have run what it does, here or at an earlier owner; said once. */
    boolean isFirstRing(Alarm alarm) {
        return fresh.containsKey(alarm.name()) && fresh.remove(alarm.name(), alarm.number());
    }

    // ---- What a turn has changed

    /** Null if nothing has to be durable. */
    @Nullable
    Change change(Turn turn, @Nullable OperationId operation, Bytes answer) throws InterruptedException, WireException {
        boolean hard = !turn.alarms().isEmpty()
                || !turn.parcels().isEmpty()
                || !turn.told().isEmpty()
                || !turn.arrived().isEmpty();
        Set<Cell<?>> set = new LinkedHashSet<>();
        for (Cell<?> cell : turn.cells()) {
            hard |= !cell.isSoft();
            set.add(cell);
        }
        hard |= turn.hardens() && !(set.isEmpty() && unwritten.isEmpty());
        if (!hard) {
            set.addAll(unwritten);
            unwritten = set;
            if (!set.isEmpty() && flush == null) {
                flush = self.after(flushAfter, new Note.Flush(new CountDownLatch(1)));
            }
            return null;
        }
        if (!turn.parcels().isEmpty() || turn.alarms().values().stream().anyMatch(Objects::nonNull)) {
            host.outlives();
        }
        set.addAll(unwritten);
        late().forEach(turn::arrived);
        List<Alarm> alarms = new ArrayList<>();
        List<String> unset = new ArrayList<>();
        long number = host.log().nextAlarm();
        for (Map.Entry<String, @Nullable Long> each : turn.alarms().entrySet()) {
            Long due = each.getValue();
            unset.add(each.getKey());
            if (due != null) {
                alarms.add(new Alarm(each.getKey(), due, number++));
            }
        }
        return new Change(
                cellsOf(set),
                operation == null ? null : remembered(operation, answer),
                alarms,
                unset,
                turn.parcels(),
                turn.arrived(),
                turn.told());
    }

    /** What is only in memory; null if that is nothing. */
    @Nullable
    Change softChange() {
        if (flush != null) {
            flush.cancel();
            flush = null;
        }
        lateIsWritten();
        List<Long> late = late();
        if (unwritten.isEmpty() && late.isEmpty()) {
            return null;
        }
        return new Change(cellsOf(unwritten), null, List.of(), List.of(), List.of(), late, new TreeMap<>());
    }

    /** The change has become a write; before that it may still be refused, and then nothing here is other than it was. */
    void isBeingWritten(Change change) {
        unwritten = Set.of();
        lateIsWritten();
        change.unset().forEach(this::ringNoMore);
        long now = host.slot().ground().millis();
        for (Alarm alarm : change.set()) {
            if (fresh.isEmpty()) {
                fresh = new HashMap<>(2);
            }
            fresh.put(alarm.name(), alarm.number());
            ringIn(Math.max(0, alarm.dueMillis() - now), alarm.name());
        }
    }

    /** What an operation answered, with what it changed. */
    private Remembered remembered(OperationId operation, Bytes answer) {
        if (answer.length() > ANSWER_MAX) {
            throw new IllegalStateException("a method that changes something answers at most " + ANSWER_MAX
                    + " bytes, since the answer is kept in case it is asked for again; this one has "
                    + answer.length());
        }
        return new Remembered(operation, answer, host.slot().ground().millis());
    }

    private static SortedMap<String, Bytes> cellsOf(Iterable<Cell<?>> cells) {
        SortedMap<String, Bytes> all = new TreeMap<>();
        cells.forEach(cell -> all.put(cell.name(), cell.written()));
        if (all.size() > EntityLimits.CELLS_MAX) {
            throw new IllegalStateException("an entity has at most " + EntityLimits.CELLS_MAX + " states");
        }
        return all;
    }

    // ---- For the entity's code

    @Override
    public Object key() {
        return host.key();
    }

    @Override
    public <S extends Record> State<S> state(S initial) {
        return state(initial.getClass().getSimpleName(), initial);
    }

    @Override
    public <S extends Record> State<S> state(String name, S initial) {
        return cell(name, initial, false);
    }

    @Override
    public <S extends Record> State<S> soft(S initial, Duration atMost) {
        flushAfter = flushAfter.compareTo(atMost) < 0 ? flushAfter : atMost;
        return cell(initial.getClass().getSimpleName(), initial, true);
    }

    private <S extends Record> State<S> cell(String name, S initial, boolean soft) {
        if (code != null) {
            throw new IllegalStateException(host + ": states are asked for while its code is made, not later");
        }
        Bytes there = host.log().cells().get(name);
        if (there == null) {
            // What could never be kept is refused now and not at the first change.
            host.book().write(initial);
        }
        Cell<S> cell = new Cell<>(host, name, soft, there == null ? initial : read(there, initial));
        if (cells.stream().anyMatch(other -> other.name().equals(name))) {
            throw new IllegalStateException(
                    host + " has two states " + name + "; give one of them another name: state(\"other\", ...)");
        }
        cells.add(cell);
        return cell;
    }

    @SuppressWarnings("unchecked") // it is of the type of what it takes the place of
    private <S extends Record> S read(Bytes bytes, S initial) {
        try {
            return (S) host.book().read(bytes, initial.getClass());
        } catch (WireException e) {
            throw new IllegalStateException(host + " cannot be loaded: " + e.getMessage(), e);
        }
    }

    @Override
    public void harden() {
        host.turn("Context.harden").harden();
    }

    @Override
    public Timer every(Duration period, Runnable what) {
        return noted(self.every(period, new Note.Rang(made, what)));
    }

    @Override
    public Timer after(Duration delay, Runnable what) {
        return self.after(delay, new Note.Rang(made, what));
    }

    private Timer noted(Timer timer) {
        if (timers.isEmpty()) {
            timers = new ArrayList<>(1);
        }
        timers.add(timer);
        return () -> {
            timer.cancel();
            timers.remove(timer);
        };
    }

    @Override
    public Instant now() {
        return Instant.ofEpochMilli(host.slot().ground().millis());
    }

    @Override
    public void at(Instant when, String name) {
        alarmed();
        host.turn("Context.at").alarm(name, when.toEpochMilli());
    }

    @Override
    public void cancel(String name) {
        host.turn("Context.cancel").alarm(name, null);
    }

    @Override
    public <Q, E extends Entity<Q>> E agent(Class<E> contract, Q other) {
        return host.slot().agents().agent(contract, other);
    }

    @Override
    public <Q, E extends Entity<Q>> E deliver(Class<E> contract, Q other) {
        return host.slot().agents().delivery(contract, other, host);
    }

    @Override
    public void send(Object user, Record message) {
        FeedItem item = item(message);
        session(user).tell(item.type(), item.body());
    }

    FeedItem item(Record message) {
        return new FeedItem(wireName(message.getClass()), book().write(message));
    }

    /** To his session, exactly once. */
    UserSession session(Object user) {
        if (!host.slot().entities().names().contains(UserSession.NAME)) {
            throw new IllegalStateException(host + " sends to users, but " + book().name()
                    + " has none: say how they log in, Berth.app(...).login(...)");
        }
        return deliver(UserSession.class, UserKey.of(user).text());
    }

    @Override
    public void logOut(Object user) {
        session(user).end(End.LOGGED_OUT.name());
    }

    @Override
    public void send(Collection<?> users, Record message) {
        users.forEach(user -> send(user, message));
    }

    @Override
    public Feed feed(String name) {
        if (code != null) {
            throw new IllegalStateException(host + ": feeds are asked for while its code is made, not later");
        }
        requireShort("the name of a feed", name);
        requireShort("with a feed, the contract's name and the key as text", host.toString());
        OwnFeed feed = new OwnFeed(host, this, name);
        if (hasFeed(name) || feeds.size() >= EntityLimits.FEEDS_MAX) {
            throw new IllegalStateException(
                    host + " has two feeds " + name + ", or more than " + EntityLimits.FEEDS_MAX);
        }
        if (feeds.isEmpty()) {
            feeds = new ArrayList<>(1);
        }
        feeds.add(feed);
        return feed;
    }

    private static void requireShort(String what, String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > SessionLimits.NAME_MAX) {
            throw new IllegalArgumentException(
                    what + " has 1 to " + SessionLimits.NAME_MAX + " bytes, this one " + bytes + ": " + name);
        }
    }

    boolean hasFeed(String name) {
        return feeds.stream().anyMatch(feed -> feed.name().equals(name));
    }

    @Override
    public Topic topic(String name) {
        Topics.checked(name);
        return new Topic() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void publish(Object message) {
                Turn turn = host.turn("Topic.publish");
                EntitySlot slot = host.slot();
                turn.later(slot.ground().publication(name, message, host.chainLink(), slot.grant()));
            }
        };
    }

    // ---- For Berth's own entities

    @Override
    public void push(Address to, Bytes message, Bytes untaken) {
        host.turn("push").later(() -> host.slot().push(host.chainLink(), to, message, untaken));
    }

    @Override
    public boolean isListed(Address address) {
        return address.isIn(host.slot().ground().view());
    }

    @Override
    public boolean isSecond() {
        return host.turn("isSecond").isSecond();
    }

    @Override
    public void causedBy(OperationId operation, boolean tried) {
        host.turn("causedBy").causedBy(operation, tried);
    }

    @Override
    public RecordBook book() {
        return host.book();
    }

    @Override
    public String wireName(Class<?> type) {
        return host.slot().entities().wireName(type);
    }

    // ---- For all

    @Override
    public long nextId() {
        return host.slot().nextId();
    }

    @Override
    public void stop() {
        host.turn("Context.stop");
        stops = true;
    }
}
