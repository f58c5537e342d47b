package dev.berth.test;

import dev.berth.core.cluster.SlotId;
import dev.berth.core.machine.Machine;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.session.GateLimits;
import dev.berth.core.session.GateSocket;
import dev.berth.core.session.Place;
import dev.berth.core.session.Push;
import dev.berth.core.session.SocketAction;
import dev.berth.core.session.SocketEvent;
import dev.berth.core.wire.Bytes;
import dev.berth.node.entity.UserKey;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One client at a gate: the real machine, whose time and network are the scene's. */
final class PlayedSeat {
    /** The client's end of the connection. */
    interface Line {
        void heard(ToClient message);

        /** @param abrupt what was said before may be lost */
        void ended(String why, boolean abrupt);
    }

    private final PlayedGate gate;
    private final Member member;
    private final long address;
    private final UserKey key;
    private final Line line;
    private final Scene.Lane lane;
    private final GateSocket socket;
    private final ArrayDeque<SocketEvent> events = new ArrayDeque<>();
    private boolean atWork;
    private String user = "";
    private Scene.@Nullable Due alarm;

    PlayedSeat(PlayedGate gate, long address, UserKey key, Line line) {
        this.gate = gate;
        this.member = gate.member();
        this.address = address;
        this.key = key;
        this.line = line;
        this.lane = member.lane();
        this.socket = new GateSocket(
                GateLimits.DEFAULT, address, PlayedSeat::sha256, member.scene().nowNanos());
        rearm();
    }

    private static Bytes sha256(Bytes token) {
        try {
            return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(token.toArray()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Whether what one of these slots told it may have been lost. */
    boolean isConcerned(Predicate<SlotId> slots) {
        return (!user.isEmpty() && slots.test(gate.lobby().slot(user)))
                || socket.origins().stream()
                        .anyMatch(origin ->
                                gate.lobby().origin(origin).filter(slots).isPresent());
    }

    boolean hears(int feed) {
        return socket.hears(feed);
    }

    /** What the client does arrives in its order. */
    void said(ToGate message) {
        later(new SocketEvent.Heard(message));
    }

    void hungUp(boolean abrupt) {
        if (abrupt) {
            lane.cut();
        }
        later(new SocketEvent.Broken());
    }

    void pushed(Push.What what) {
        feed(new SocketEvent.Pushed(what));
    }

    void doubt(long inNanos) {
        member.scene().after(inNanos, lane, () -> feed(new SocketEvent.Doubt()));
    }

    /** With its node. */
    void died() {
        line.ended("the gate is gone", true);
    }

    private void later(SocketEvent event) {
        member.inLane(lane, () -> feed(event));
    }

    private void feed(SocketEvent event) {
        events.add(event);
        if (atWork) {
            return;
        }
        atWork = true;
        for (SocketEvent next = events.poll(); next != null; next = events.poll()) {
            List<SocketAction> actions = new ArrayList<>();
            socket.on(member.scene().nowNanos(), next, actions::add);
            actions.forEach(this::act);
        }
        atWork = false;
        rearm();
    }

    private void rearm() {
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        long next = socket.nextWakeNanos();
        if (next != Machine.NEVER) {
            alarm = member.scene().after(next - member.scene().nowNanos(), lane, this::ring);
        }
    }

    private void ring() {
        List<SocketAction> actions = new ArrayList<>();
        socket.advance(member.scene().nowNanos(), actions::add);
        actions.forEach(this::act);
        rearm();
    }

    private void act(SocketAction action) {
        switch (action) {
            case SocketAction.Send(ToClient message) -> line.heard(message);
            case SocketAction.Close() -> {
                gate.left(address);
                socket.origins().forEach(origin -> gate.lobby().unheard(origin, new Place(address, 0)));
                line.ended("the gate has closed the connection", false);
            }
            case SocketAction.Authenticate _ ->
                later(new SocketEvent.Known(key.text(), member.scene().random.nextLong(), token()));
            case SocketAction.Call(long call, String uid, var what) -> {
                user = uid;
                gate.lobby().ask(address, call, uid, key.kind(), what, this::later);
            }
            case SocketAction.Visit visit -> later(new SocketEvent.Failed(visit.call(), "nobody visits a played gate"));
            case SocketAction.ReadAt read -> gate.lobby().read(address, gate.hub(), read, this::later);
        }
    }

    private Bytes token() {
        ByteBuffer token = ByteBuffer.allocate(2 * Long.BYTES);
        token.putLong(member.scene().random.nextLong())
                .putLong(member.scene().random.nextLong());
        return Bytes.wrap(token.array());
    }
}
