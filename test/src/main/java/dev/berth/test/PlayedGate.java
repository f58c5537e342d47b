package dev.berth.test;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.session.Place;
import dev.berth.core.session.Push;
import dev.berth.core.session.Telling;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.UserKey;
import dev.berth.node.session.Lobby;
import dev.berth.node.session.SessionBook;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A gate: real socket machines at a played node, and the way from owners to them. */
final class PlayedGate {
    /** Over this time many doubts at once are spread. */
    private static final long SPREAD_NANOS = 1_000_000_000L;

    private final Member member;
    private final Lobby lobby;
    /** By the address of each client. */
    private final Map<Long, PlayedSeat> seats = new TreeMap<>();

    private final Map<Incarnation, Scene.Lane> pushes = new TreeMap<>();
    /** Where feeds tell many of them at once. */
    private final long hub;

    PlayedGate(Member member, Entities app) {
        this.member = member;
        this.hub = member.nextAddress().value();
        this.lobby = new Lobby(member.ground(), app);
        member.onView(this::doubt);
    }

    Member member() {
        return member;
    }

    long hub() {
        return hub;
    }

    Lobby lobby() {
        return lobby;
    }

    PlayedSeat seat(UserKey user, PlayedSeat.Line line) {
        long address = member.nextAddress().value();
        PlayedSeat seat = new PlayedSeat(this, address, user, line);
        seats.put(address, seat);
        return seat;
    }

    void left(long address) {
        seats.remove(address);
    }

    void push(Member from, long to, Bytes message) {
        if (to == hub || seats.containsKey(to)) {
            member.inLane(pushes.computeIfAbsent(from.life(), _ -> member.lane()), () -> arrived(to, message));
        }
    }

    private void arrived(long to, Bytes message) {
        try {
            if (to == hub) {
                told(Telling.read(message));
                return;
            }
            PlayedSeat seat = seats.get(to);
            if (seat != null) {
                seat.pushed(SessionBook.read(message, Push.What.class));
            }
        } catch (WireException unreadable) {
            throw new IllegalStateException("what an owner tells a gate cannot be read", unreadable);
        }
    }

    private void told(Telling telling) throws WireException {
        for (Place place : telling.places()) {
            PlayedSeat seat = seats.get(place.gate());
            if (seat != null && seat.hears(place.feed())) {
                seat.pushed(new Push.Told(place.feed(), telling.position(), telling.item()));
            } else {
                lobby.unheard(telling.origin(), new Place(place.gate(), seat == null ? 0 : place.feed()));
            }
        }
    }

    /** A node is dead: what it had sent may arrive or not. */
    void died(Member other) {
        Scene.Lane lane = pushes.remove(other.life());
        if (lane != null) {
            lane.cut();
        }
        if (other == member) {
            seats.values().forEach(PlayedSeat::died);
        }
    }

    // What an owner has pushed before it was lost may not have arrived.

    private void doubt(View before, View now) {
        TreeSet<SlotId> moved = new TreeSet<>();
        now.forEachUnit((slot, state) -> {
            SlotState was = before.slot(slot);
            if (was == null || !was.owner().equals(state.owner())) {
                moved.add(slot);
            }
        });
        for (PlayedSeat seat : seats.values()) {
            if (seat.isConcerned(moved::contains)) {
                seat.doubt(1 + member.scene().random.nextLong(SPREAD_NANOS));
            }
        }
    }
}
