package dev.berth.gate;

import dev.berth.core.cluster.SlotId;
import dev.berth.core.machine.Machine;
import dev.berth.core.session.ClientMessage.Bodies;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.session.End;
import dev.berth.core.session.GateSocket;
import dev.berth.core.session.Place;
import dev.berth.core.session.Push;
import dev.berth.core.session.SessionAnswer;
import dev.berth.core.session.SessionCall;
import dev.berth.core.session.SocketAction;
import dev.berth.core.session.SocketEvent;
import dev.berth.core.session.Telling;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.WireException;
import dev.berth.node.session.SessionBook;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

// An action may lead to an event before it has ended: a call that is refused on the spot. So events queue, and the
// machine is never inside itself.

/** The shell of one client's {@link GateSocket}. On the client's loop, where nothing else is said. */
final class Seat {
    private final SessionGate gate;
    private final Client client;
    private final long address;
    private final GateSocket socket;
    private final FrameReader<ToGate> reader =
            new FrameReader<>(ClientProtocol.GATE, ClientProtocol.ID, ClientProtocol.VERSIONS, ClientProtocol.TO_GATE);
    private final ArrayDeque<SocketEvent> events = new ArrayDeque<>();
    private final AtomicBoolean doubted = new AtomicBoolean();
    private boolean atWork;
    private long alarmNanos = Machine.NEVER;
    private @Nullable ScheduledFuture<?> alarm;
    /** Of the user's key, while he logs in. */
    private String kind = "";
    /** Empty before he is known. */
    private volatile String user = "";
    /** Whose feeds it has read here. */
    private volatile List<String> origins = List.of();

    Seat(SessionGate gate, Client client) {
        this.gate = gate;
        this.client = client;
        this.address = client.way().address().value();
        this.socket = new GateSocket(gate.limits(), address, SessionGate::sha256, System.nanoTime());
        rearm();
    }

    long address() {
        return address;
    }

    /** Whether what one of these slots told it may have been lost; any thread. */
    boolean isConcerned(Predicate<SlotId> slots) {
        return (!user.isEmpty() && slots.test(gate.lobby().slot(user)))
                || origins.stream()
                        .anyMatch(origin ->
                                gate.lobby().origin(origin).filter(slots).isPresent());
    }

    // ---- What happens

    void packet(Bytes packet) {
        byte[] bytes = packet.toArray();
        List<ToGate> heard = new ArrayList<>(1);
        try {
            reader.read(bytes, 0, bytes.length, heard::add);
            if (reader.pending() > 0) {
                throw new WireException(WireException.Kind.TRUNCATED, "a message is one whole frame");
            }
            for (ToGate message : heard) {
                feed(new SocketEvent.Heard(isJson() ? gate.lobby().json().heard(message) : message));
            }
        } catch (WireException unreadable) {
            feed(new SocketEvent.Unreadable(String.valueOf(unreadable.getMessage())));
        }
    }

    /** From whoever owns the user's session. */
    void pushed(Bytes message) {
        try {
            feed(new SocketEvent.Pushed(SessionBook.read(message, Push.What.class)));
        } catch (WireException unreadable) {
            throw new IllegalArgumentException("no push: " + unreadable.getMessage(), unreadable);
        }
    }

    /** From the origin of a feed, any thread; false if the client is gone. What others have said to it before goes first. */
    boolean tell(Telling telling, int feed) {
        if (client.loop().inEventLoop() && client.isQuiet()) {
            told(telling, feed);
            return true;
        }
        return client.execute(telling.item().body().length(), () -> told(telling, feed));
    }

    private void told(Telling telling, int feed) {
        if (socket.hears(feed)) {
            feed(new SocketEvent.Pushed(new Push.Told(feed, telling.position(), telling.item())));
        } else {
            gate.lobby().unheard(telling.origin(), new Place(address, feed));
        }
    }

    /** Any thread. */
    void later(SocketEvent event) {
        onLoop(() -> feed(event));
    }

    private void onLoop(Runnable task) {
        EventLoop loop = client.loop();
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException over) {
            // The node is over, and its clients with it.
            return;
        }
    }

    /** Something may have been missed; any thread. One doubt is enough for all that arise before it is asked. */
    void doubt(int inMillis) {
        if (doubted.compareAndSet(false, true)) {
            var _ = client.after(inMillis, () -> {
                doubted.set(false);
                feed(new SocketEvent.Doubt());
            });
        }
    }

    void feed(SocketEvent event) {
        events.add(event);
        if (atWork) {
            return;
        }
        atWork = true;
        try {
            for (SocketEvent next = events.poll(); next != null; next = events.poll()) {
                List<SocketAction> actions = new ArrayList<>(2);
                socket.on(System.nanoTime(), next, actions::add);
                actions.forEach(this::act);
            }
        } finally {
            atWork = false;
        }
        rearm();
    }

    private void rearm() {
        long next = socket.nextWakeNanos();
        if (next >= alarmNanos || next == Machine.NEVER) {
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarmNanos = next;
        long millis = TimeUnit.NANOSECONDS.toMillis(next - System.nanoTime()) + 1;
        alarm = client.after(Math.clamp(millis, 1, Integer.MAX_VALUE), this::ring);
    }

    private void ring() {
        alarmNanos = Machine.NEVER;
        alarm = null;
        List<SocketAction> actions = new ArrayList<>(2);
        socket.advance(System.nanoTime(), actions::add);
        actions.forEach(this::act);
        rearm();
    }

    void ended() {
        if (alarm != null) {
            alarm.cancel(false);
        }
        feed(new SocketEvent.Broken());
        origins.forEach(origin -> gate.lobby().unheard(origin, new Place(address, 0)));
    }

    // ---- What it does

    private void act(SocketAction action) {
        switch (action) {
            case SocketAction.Send(ToClient message) -> send(message);
            case SocketAction.Close() -> client.close("the session's connection ends");
            case SocketAction.Authenticate who ->
                gate.desk()
                        .ask(
                                who,
                                client.remote(),
                                (itsKind, event) -> onLoop(() -> {
                                    kind = itsKind;
                                    // It may have left meanwhile; to be known or not is then nothing any more.
                                    if (!socket.isOver() && client.kept() == this) {
                                        feed(event);
                                    }
                                }));
            case SocketAction.Call(long call, String uid, var what) -> {
                user = uid;
                if (what instanceof SessionCall.Resume) {
                    resume(call, what);
                } else {
                    gate.lobby().ask(address, call, uid, kind, what, this::later);
                }
            }
            case SocketAction.Visit visit -> gate.desk().visit(visit, this::later);
            case SocketAction.ReadAt read -> {
                origins = socket.origins();
                gate.lobby().read(address, gate.hub(), read, this::later);
            }
        }
    }

    private boolean isJson() {
        return socket.bodies() == Bodies.JSON;
    }

    /** Whoever makes up tokens is slowed down, before anybody is asked. */
    private void resume(long call, SessionCall what) {
        InetAddress from = client.remote().getAddress();
        long waitMillis = gate.tokenWaitMillis(from);
        if (waitMillis > 0) {
            feed(new SocketEvent.Denied(
                    End.TOO_MANY_TRIES, "too many wrong tokens from this address", (int) waitMillis));
            feed(new SocketEvent.Failed(call, "not asked"));
            return;
        }
        gate.lobby().ask(address, call, user, kind, what, event -> {
            if (event instanceof SocketEvent.Answered(long _, SessionAnswer.Stale _)) {
                gate.wrongToken(from);
            }
            later(event);
        });
    }

    private void send(ToClient message) {
        FrameWriter<ToClient> writer = new FrameWriter<>(
                ClientProtocol.CLIENT, ClientProtocol.ID, ClientProtocol.VERSIONS.max(), ClientProtocol.TO_CLIENT);
        ToClient shown = gate.lobby().shown().said(message);
        var _ = client.send(
                Bytes.wrap(writer.frame(isJson() ? gate.lobby().json().said(shown) : shown)));
    }
}
