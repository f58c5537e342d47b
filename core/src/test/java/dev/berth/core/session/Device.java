package dev.berth.core.session;

import dev.berth.core.machine.Backoff;
import dev.berth.core.wire.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client in a storm: its machine, its one connection, and what it says. */
final class Device {
    private static final List<String> GATES = List.of("0", "1", "2");

    final String uid;
    final String name;
    private final SessionWorld world;
    private final Client machine;
    private SessionWorld.@Nullable Socket socket;
    private long connection;
    private long wakeNanos = Long.MAX_VALUE;
    private int spoken;
    private boolean asleep;

    Device(SessionWorld world, String uid, String name, Measures measures) {
        this.world = world;
        this.uid = uid;
        this.name = name;
        machine = measures.client(
                new ClientConfig(
                        GATES,
                        uid,
                        Bytes.EMPTY,
                        name,
                        ClientMessage.Bodies.RECORDS,
                        new Backoff(Waters.SECOND / 20, 2 * Waters.SECOND),
                        Waters.SECOND,
                        6 * Waters.SECOND,
                        Waters.SECOND / 2,
                        9 * Waters.SECOND / 2,
                        Waters.SECOND,
                        false),
                world.waters.dice);
    }

    void start() {
        on(new ClientEvent.Start());
    }

    void connected(SessionWorld.Socket its, long number) {
        if (number == connection) {
            socket = its;
        }
        on(new ClientEvent.Connected(number));
    }

    /** It says and hears nothing, for ever or until it roams. */
    void sleeps() {
        asleep = true;
    }

    /** It comes by another connection, and the gate may believe in the one that there was. */
    void roams() {
        asleep = false;
        socket = null;
        on(new ClientEvent.Broken(connection, "another network"));
    }

    void say(int times) {
        for (int i = 0; i < times; i++) {
            on(new ClientEvent.Say("s", Bytes.utf8(name + "#" + ++spoken)));
        }
    }

    void on(ClientEvent event) {
        if (asleep) {
            return;
        }
        machine.on(world.waters.now(), event, this::act);
        wake();
    }

    private void wake() {
        long next = machine.nextWakeNanos();
        if (next < wakeNanos) {
            wakeNanos = next;
            world.waters.in(Math.max(0, next - world.waters.now()), () -> {
                wakeNanos = Long.MAX_VALUE;
                if (!asleep) {
                    machine.advance(world.waters.now(), this::act);
                    wake();
                }
            });
        }
    }

    private void act(ClientAction action) {
        Witness witness = world.witness;
        switch (action) {
            case ClientAction.Connect(long number, String gate) -> {
                connection = number;
                socket = null;
                world.connect(this, number, gate);
            }
            case ClientAction.Send(long number, ClientMessage.ToGate message) -> {
                SessionWorld.Socket its = socket;
                if (number == connection && its != null) {
                    its.hears(message);
                }
            }
            case ClientAction.Close(long _) -> {
                if (socket != null) {
                    socket.leaves();
                    socket = null;
                }
            }
            case ClientAction.Taken(long seq) -> witness.said(this, seq, name + "#" + spoken);
            case ClientAction.NotTaken(String _) -> spoken--;
            case ClientAction.Answered(long seq, ClientMessage.Outcome outcome) -> witness.answered(this, seq, outcome);
            case ClientAction.Told(int feed, String feedName, long position, FeedItem item) ->
                witness.heard(this, feed, feedName, position, item.body().utf8());
            case ClientAction.Lost(int feed, String feedName, long from, long upTo) ->
                witness.lost(this, feed, feedName, from, upTo);
            case ClientAction.Online(String _, long epoch) -> witness.online(this, epoch);
            case ClientAction.Offline(String _, long _) -> witness.offline(this);
            case ClientAction.Ended(String code, String text, List<Long> _) -> witness.ended(this, code + " " + text);
        }
    }

    SessionWorld.@Nullable Socket socket() {
        return socket;
    }
}
