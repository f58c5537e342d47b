package dev.berth.node.entity;

import dev.berth.core.call.Address;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.View;
import dev.berth.core.session.Audience;
import dev.berth.core.session.FeedItem;
import dev.berth.core.session.FeedRead;
import dev.berth.core.session.Place;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

// Gates ask anew when the slot has another owner, and at no other time: so an audience stays as long as the grant, also
// when its entity is loaded again or leaves the memory.

/** Who hears the feeds of a bucket's entities. Any thread. */
final class Audiences {
    private static final long AGAIN_MILLIS = 200;

    private final EntitySlot slot;
    private final Map<Bytes, Map<String, Audience>> all = new ConcurrentHashMap<>();

    Audiences(EntitySlot slot) {
        this.slot = slot;
    }

    /** False if there are too many. */
    boolean reads(EntityHost host, FeedRead read) {
        boolean[] taken = {false};
        all.compute(host.storeKey(), (_, there) -> {
            Map<String, Audience> feeds = there == null ? new TreeMap<>() : there;
            taken[0] = feeds.computeIfAbsent(read.name(), _ -> new Audience(host.toString()))
                    .reads(read);
            return feeds;
        });
        return taken[0];
    }

    /** How many hear it. */
    int size(EntityHost host, String feed) {
        int[] size = {0};
        with(host.storeKey(), feed, audience -> size[0] = audience.size());
        return size[0];
    }

    void left(EntityHost host, String feed, String uid) {
        with(host.storeKey(), feed, audience -> audience.left(uid));
    }

    /** A gate does not have that client any more, or not for this feed; 0 stands for all of them. */
    void lost(Bytes storeKey, Place lost) {
        strike(storeKey, place -> place.gate() == lost.gate() && (lost.feed() == 0 || place.feed() == lost.feed()));
    }

    /** The gates of nodes that are no more. */
    void sweep(View view) {
        all.keySet().forEach(key -> strike(key, place -> !isListed(view, new Address(place.gate()))));
    }

    private static boolean isListed(View view, Address gate) {
        Listing listing = view.member(gate.node());
        return listing != null && gate.isOf(listing.incarnation());
    }

    private void strike(Bytes storeKey, Predicate<Place> places) {
        all.computeIfPresent(storeKey, (_, feeds) -> {
            feeds.values().removeIf(audience -> {
                audience.lost(places);
                return audience.size() == 0;
            });
            return feeds.isEmpty() ? null : feeds;
        });
    }

    private void with(Bytes storeKey, String feed, Consumer<Audience> what) {
        all.computeIfPresent(storeKey, (_, feeds) -> {
            Audience audience = feeds.get(feed);
            if (audience != null) {
                what.accept(audience);
            }
            return feeds;
        });
    }

    /** It is durable. */
    void tell(EntityHost host, String feed, long position, FeedItem item) {
        List<Audience.Message> messages = new ArrayList<>();
        with(host.storeKey(), feed, audience -> audience.tell(position, item, messages::add));
        messages.forEach(message -> send(host, feed, message));
    }

    private void send(EntityHost host, String feed, Audience.Message message) {
        slot.ground()
                .tell(
                        host.chainLink(),
                        new Address(message.hub()),
                        message.telling(),
                        () -> slot.later(AGAIN_MILLIS, () -> again(host, feed, message)));
    }

    private void again(EntityHost host, String feed, Audience.Message untaken) {
        if (!slot.isDropped()) {
            List<Audience.Message> messages = new ArrayList<>();
            with(host.storeKey(), feed, audience -> audience.again(untaken, messages::add));
            messages.forEach(message -> send(host, feed, message));
        }
    }
}
