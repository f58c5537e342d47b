package dev.berth.core.session;

import dev.berth.core.machine.Outbox;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

// To read a history is to be told what comes next, in one turn of its owner, so nothing falls between the page and the
// first item. Nobody keeps who hears: when the owner is lost the gates learn it, their clients read on at the next one,
// and that has its audience again.

/** Who is told the items of one feed; soft. The entity that has the history owns it. One thread. */
public final class Audience {
    private record Listener(long epoch, long gate, int feed) {}

    private final SequencedMap<String, Listener> listeners = new LinkedHashMap<>();

    /**
     * A session reads at a gate; under a lower epoch than it had before it is there no more.
     *
     * @return whether it will be told; if not there are too many, and what it reads is all it gets
     */
    public boolean reads(String uid, long epoch, long gate, int feed) {
        Listener known = listeners.get(uid);
        if (known == null && listeners.size() >= SessionLimits.AUDIENCE_MAX) {
            return false;
        }
        if (known == null || known.epoch <= epoch) {
            listeners.put(uid, new Listener(epoch, gate, feed));
        }
        return true;
    }

    /** The address is nobody's any more. */
    public void lost(long gate) {
        listeners.values().removeIf(listener -> listener.gate == gate);
    }

    /** When the item is durable: everybody who has read is told. */
    public void tell(long position, FeedItem item, Outbox<Push> out) {
        listeners
                .values()
                .forEach(listener -> out.add(new Push(listener.gate, new Push.Told(listener.feed, position, item))));
    }

    public int size() {
        return listeners.size();
    }
}
