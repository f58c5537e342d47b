package dev.berth.core.session;

import dev.berth.core.call.OperationId;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

// It sees both sides: what owners have durably done, and what clients are told of it.

/** Says at once what must not be, and at the end what is missing. */
final class Witness {
    /** After the faults everybody is connected and has everything within so long. */
    static final long CALM_NANOS = 60 * Waters.SECOND;

    /** How often what happened. */
    static final class Tally {
        long answers;
        long items;
        long resumes;
        long replaced;
        long lost;

        void add(Tally other) {
            answers += other.answers;
            items += other.items;
            resumes += other.resumes;
            replaced += other.replaced;
            lost += other.lost;
        }
    }

    private static final class Seen {
        private final Map<Long, String> said = new HashMap<>();
        private long answered;
        private final Map<Integer, Long> cursors = new HashMap<>();
        private boolean isOnline;
        private boolean wasOnline;
        private boolean isEnded;
        private String why = "";
    }

    /** Whose session has this id, and that of whom it is now. */
    private final Map<Long, String> drawn = new HashMap<>();

    private final Map<String, String> newest = new HashMap<>();
    private final Map<String, Integer> effects = new HashMap<>();
    private final Map<String, Integer> lastOf = new HashMap<>();
    private final Map<String, List<String>> told = new HashMap<>();
    private final Map<String, Long> joined = new HashMap<>();
    private final Map<Device, Seen> seen = new HashMap<>();
    private final SessionWorld world;
    private boolean mayLose;
    private final Tally tally = new Tally();

    Witness(SessionWorld world) {
        this.world = world;
    }

    private Seen seen(Device device) {
        return seen.computeIfAbsent(device, _ -> new Seen());
    }

    private static void must(boolean holds, String text) {
        if (!holds) {
            throw new AssertionError(text);
        }
    }

    void mayLose(boolean bursts) {
        mayLose = bursts;
    }

    // What owners have done, durably.

    void drew(long id, String device) {
        drawn.put(id, device);
    }

    void entered(String uid, long id, long epoch) {
        newest.put(uid, Objects.requireNonNull(drawn.get(id)));
    }

    void ran(String uid, OperationId id, String text) {
        String device = text.substring(0, text.indexOf('#'));
        int number = Integer.parseInt(text.substring(text.indexOf('#') + 1));
        must(device.equals(newest.get(uid)), text + " has an effect, and the newest login is " + newest.get(uid));
        must(device.equals(drawn.get(id.client())), text + " runs as an operation of " + drawn.get(id.client()));
        must(effects.merge(text, 1, Integer::sum) == 1, text + " has two effects");
        must(number == lastOf.getOrDefault(device, 0) + 1, text + " runs after " + lastOf.get(device));
        lastOf.put(device, number);
    }

    void told(String feed, long position, String text) {
        List<String> all = told.computeIfAbsent(feed, _ -> new ArrayList<>());
        must(position == all.size() + 1, feed + " has position " + position + " after " + all.size());
        all.add(text);
    }

    void joined(String uid, int number, String name, long first) {
        joined.put(uid + "/" + number, first);
    }

    static List<Place> places(Telling telling) {
        try {
            return telling.places();
        } catch (WireException unreadable) {
            throw new AssertionError(telling + " cannot be read", unreadable);
        }
    }

    // What clients see.

    void said(Device device, long seq, String text) {
        seen(device).said.put(seq, text);
    }

    void answered(Device device, long seq, Outcome outcome) {
        Seen its = seen(device);
        String text = Objects.requireNonNull(its.said.get(seq));
        must(seq == its.answered + 1, "answer " + seq + " after " + its.answered);
        must(
                outcome.equals(new Outcome.Done("ok", Bytes.utf8("ok " + text))),
                text + " is answered by what belongs to another");
        must(effects.getOrDefault(text, 0) == 1, text + " is answered, and has " + effects.get(text) + " effects");
        its.answered = seq;
        tally.answers++;
    }

    void heard(Device device, int feed, String name, long position, String text) {
        String at = device.name + " hears " + position + " of feed " + feed + " " + name;
        advance(device, feed, position, position, at);
        List<String> truth = told.getOrDefault(feed == 0 ? device.uid : name, List.of());
        must(position <= truth.size(), at + ", which is not durable");
        must(truth.get((int) position - 1).equals(text), at + " with the wrong content");
        tally.items++;
    }

    void lost(Device device, int feed, String name, long from, long upTo) {
        String at = device.name + " has lost " + from + " to " + upTo + " of feed " + feed + " " + name;
        must(mayLose, at + ", but nothing was");
        must(history(device.uid, feed, name).first() > upTo, at + ", but it is still there");
        advance(device, feed, from, upTo, at);
        tally.lost++;
    }

    private void advance(Device device, int feed, long from, long upTo, String at) {
        Map<Integer, Long> cursors = seen(device).cursors;
        Long before = cursors.get(feed);
        long expected =
                before != null ? before + 1 : feed == 0 ? from : joined.getOrDefault(device.uid + "/" + feed, -1L);
        must(from == expected, at + " instead of " + expected);
        cursors.put(feed, upTo);
    }

    private FeedHistory history(String uid, int feed, String name) {
        return feed == 0
                ? Objects.requireNonNull(world.sessions.get(uid)).durable.personal()
                : Objects.requireNonNull(world.rooms.get(name)).durable;
    }

    void online(Device device, long epoch) {
        must(epoch > 0, "epoch 0");
        tally.resumes += seen(device).wasOnline ? 1 : 0;
        seen(device).isOnline = true;
        seen(device).wasOnline = true;
    }

    void offline(Device device) {
        seen(device).isOnline = false;
    }

    void ended(Device device, String why) {
        Seen its = seen(device);
        must(why.startsWith("REPLACED"), device.name + " is gone for good: " + why);
        must(!device.name.equals(newest.get(device.uid)), device.name + " is replaced, but nobody has come since");
        its.isOnline = false;
        its.isEnded = true;
        tally.replaced++;
        its.why = why;
    }

    Tally tally() {
        return tally;
    }

    boolean isEverybodyUpToDate() {
        return holds(this::everybodyIsUpToDate);
    }

    boolean hasAll(Device device, SessionWorld.Sitting session) {
        return holds(() -> isUpToDate(device, session));
    }

    private static boolean holds(Runnable asserted) {
        try {
            asserted.run();
            return true;
        } catch (AssertionError _) {
            return false;
        }
    }

    void everybodyIsUpToDate() {
        world.sessions.forEach((uid, session) -> {
            List<Device> left = world.devices.stream()
                    .filter(device -> device.uid.equals(uid) && !seen(device).isEnded)
                    .toList();
            must(left.size() == 1, uid + " has " + left.size() + " devices in the end");
            Device device = left.getFirst();
            must(device.name.equals(newest.get(uid)), uid + " has not the device that came last");
            isUpToDate(device, session);
        });
    }

    /** Who has logged in last. */
    @Nullable
    String newest(String uid) {
        return newest.get(uid);
    }

    boolean isOver(Device device) {
        return seen(device).isEnded;
    }

    void isUpToDate(Device device, SessionWorld.Sitting session) {
        Seen its = seen(device);
        SessionState state = session.durable;
        must(its.isOnline, device.name + " is not connected " + its.why);
        SessionWorld.Socket socket = Objects.requireNonNull(device.socket());
        must(state.gate() == socket.address, device.name + " is at " + socket.address + ", not at " + state.gate());
        must(its.answered == its.said.size(), device.name + " has " + its.answered + " answers of " + its.said.size());
        isUpToDate(device, 0, "", state.personal());
        state.feeds()
                .forEach(feed -> isUpToDate(
                        device,
                        feed.number(),
                        feed.name(),
                        Objects.requireNonNull(world.rooms.get(feed.name())).durable));
    }

    private void isUpToDate(Device device, int feed, String name, FeedHistory history) {
        long start = feed == 0 ? history.first() - 1 : joined.getOrDefault(device.uid + "/" + feed, -1L) - 1;
        long has = seen(device).cursors.getOrDefault(feed, start);
        must(
                has == history.last(),
                device.name + " has " + has + " of " + history.last() + " in feed " + feed + " " + name);
    }
}
