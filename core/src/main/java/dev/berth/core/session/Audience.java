package dev.berth.core.session;

import dev.berth.core.machine.Outbox;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

// To read a history is to be told what comes next, in one turn of its owner, so nothing falls between the page and the
// first item. Nobody keeps who hears: when the owner is lost the gates learn it, their clients read on at the next one,
// and that has its audience again.

/** Who is told the items of one feed; soft. It belongs to who owns the history, and is kept as long as he does. One thread. */
public final class Audience {
    private record Listener(long epoch, long hub, Place place) {}

    /** One message. */
    public record Message(long hub, Telling telling) {}

    private final String origin;
    private final SequencedMap<String, Listener> listeners = new LinkedHashMap<>();
    /** By gates, as it is told; null if somebody has come or gone since. */
    private @Nullable SequencedMap<Long, Bytes> byHub;
    /** The last position that was told. */
    private long told;

    /** @param origin whose feed it is */
    public Audience(String origin) {
        this.origin = origin;
    }

    /**
     * A session reads at a gate; under a lower epoch than it had before it is there no more.
     *
     * @return whether it will be told; if not there are too many
     */
    public boolean reads(FeedRead read) {
        Listener known = listeners.get(read.uid());
        if (known == null && listeners.size() >= SessionLimits.AUDIENCE_MAX) {
            return false;
        }
        if (known == null || known.epoch <= read.epoch()) {
            listeners.put(read.uid(), new Listener(read.epoch(), read.hub(), new Place(read.gate(), read.feed())));
            byHub = null;
        }
        return true;
    }

    /** He is not to hear it any more. */
    public void left(String uid) {
        if (listeners.remove(uid) != null) {
            byHub = null;
        }
    }

    /** Nobody hears it there any more. */
    public void lost(Predicate<Place> places) {
        if (listeners.values().removeIf(listener -> places.test(listener.place))) {
            byHub = null;
        }
    }

    /** When the item is durable: everybody who has read is told, by one message for each gate. */
    public void tell(long position, FeedItem item, Outbox<Message> out) {
        told = position;
        byHub().forEach((hub, places) -> out.add(new Message(hub, new Telling(origin, position, item, places))));
    }

    /**
     * No connection has taken the message, and the gate does not know. A later one would show its clients that something is
     * missing; if there is none, it is told once more.
     */
    public void again(Message untaken, Outbox<Message> out) {
        Bytes places = byHub().get(untaken.hub);
        Telling lost = untaken.telling;
        if (places != null && isLast(lost.position())) {
            out.add(new Message(untaken.hub, new Telling(origin, lost.position(), lost.item(), places)));
        }
    }

    private boolean isLast(long position) {
        return position == told;
    }

    private SequencedMap<Long, Bytes> byHub() {
        SequencedMap<Long, Bytes> there = byHub;
        if (there == null) {
            SequencedMap<Long, List<Place>> places = new LinkedHashMap<>();
            listeners
                    .values()
                    .forEach(listener -> places.computeIfAbsent(listener.hub, _ -> new ArrayList<>())
                            .add(listener.place));
            there = new LinkedHashMap<>();
            for (var each : places.entrySet()) {
                there.put(each.getKey(), Place.write(each.getValue()));
            }
            byHub = there;
        }
        return there;
    }

    public int size() {
        return listeners.size();
    }
}
