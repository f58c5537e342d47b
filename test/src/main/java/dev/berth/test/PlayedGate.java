package dev.berth.test;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.session.Push;
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

    PlayedGate(Member member, Entities app) {
        this.member = member;
        this.lobby = new Lobby(member.ground(), app);
        member.onView(this::doubt);
    }

    Member member() {
        return member;
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
        if (seats.containsKey(to)) {
            member.inLane(pushes.computeIfAbsent(from.life(), _ -> member.lane()), () -> {
                PlayedSeat seat = seats.get(to);
                if (seat != null) {
                    seat.pushed(read(message));
                }
            });
        }
    }

    private static Push.What read(Bytes message) {
        try {
            return SessionBook.read(message, Push.What.class);
        } catch (WireException unreadable) {
            throw new IllegalStateException("no push", unreadable);
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
            if (!seat.user().isEmpty() && moved.contains(lobby.slot(seat.user()))) {
                seat.doubt(1 + member.scene().random.nextLong(SPREAD_NANOS));
            }
        }
    }
}
