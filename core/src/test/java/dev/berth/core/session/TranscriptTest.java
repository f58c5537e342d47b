package dev.berth.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.protocol.WrittenDown;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.WireException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

// The conversation is led by the machines themselves over real frames, and is kept as text: what a client in another
// language has to say and to understand, byte by byte. A change of these bytes is a change of the protocol, and the
// clients of players are not all replaced on one day.

/** A whole conversation, as it has been since version 1: log in, speak, hear, break off, resume, be replaced. */
class TranscriptTest {
    private static final long SECOND = 1_000_000_000L;

    private final StringBuilder text = new StringBuilder();
    private final Client client =
            new Client(ClientConfig.of(List.of("gate"), "Ada", Bytes.utf8("secret")), new SplittableRandom(1));
    private final FrameWriter<ClientMessage> writer =
            new FrameWriter<>(ClientProtocol.ALL, ClientProtocol.ID, 1, ClientProtocol.TO_CLIENT);
    private final ArrayDeque<SocketEvent> toGate = new ArrayDeque<>();
    private final ArrayDeque<ClientEvent> toClient = new ArrayDeque<>();
    private final List<Push> pushes = new ArrayList<>();
    private @Nullable GateSocket gate;
    private SessionState state = SessionState.NEW;
    private FeedHistory room = FeedHistory.EMPTY;
    private long connection;
    private long now;

    private void note(String line) {
        text.append(line).append('\n');
    }

    /** What goes over the wire is what is written down. */
    private <M extends ClientMessage> M travelled(String from, ClientMessage message, Class<M> side) {
        byte[] frame = writer.frame(message);
        note(from + " " + message);
        note("   " + HexFormat.of().formatHex(frame));
        FrameReader<M> reader = new FrameReader<>(
                ClientProtocol.ALL.only(side),
                ClientProtocol.ID,
                ClientProtocol.VERSIONS,
                side == ToGate.class ? ClientProtocol.TO_GATE : ClientProtocol.TO_CLIENT);
        List<M> read = new ArrayList<>();
        try {
            reader.read(frame, 0, frame.length, read::add);
        } catch (WireException refused) {
            throw new AssertionError(refused);
        }
        assertThat(read).hasSize(1);
        return read.getFirst();
    }

    private void act(ClientAction action) {
        switch (action) {
            case ClientAction.Connect(long number, String _) -> {
                note("-- connection " + number);
                connection = number;
                gate = new GateSocket(GateLimits.DEFAULT, 100 + number, SessionWorld::hash, now);
                toClient.add(new ClientEvent.Connected(number));
            }
            case ClientAction.Send(long _, ToGate message) ->
                toGate.add(new SocketEvent.Heard(travelled("C>", message, ToGate.class)));
            case ClientAction.Close(long number) -> note("-- closed " + number);
            case ClientAction.Taken _,
                    ClientAction.NotTaken _,
                    ClientAction.Answered _,
                    ClientAction.Told _,
                    ClientAction.Lost _,
                    ClientAction.Online _,
                    ClientAction.Offline _,
                    ClientAction.Ended _ -> note("   the application: " + action);
        }
    }

    private void act(SocketAction action) {
        switch (action) {
            case SocketAction.Send(ToClient message) ->
                toClient.add(new ClientEvent.Heard(connection, travelled("G>", message, ToClient.class)));
            case SocketAction.Close() -> toClient.add(new ClientEvent.Broken(connection, "closed"));
            case SocketAction.Authenticate _ ->
                toGate.add(new SocketEvent.Known("ada", 77, Bytes.utf8("token-of-128-bits")));
            case SocketAction.Visit _ -> throw new IllegalStateException("nobody visits");
            case SocketAction.Call(long call, String _, SessionCall what) ->
                toGate.add(new SocketEvent.Answered(call, ask(what)));
            case SocketAction.ReadAt read ->
                toGate.add(new SocketEvent.Answered(
                        read.call(), new SessionAnswer.Page(read.feed(), room.read(read.from()))));
        }
    }

    private SessionAnswer ask(SessionCall call) {
        Session session = new Session(state);
        SessionAnswer answer = session.on(
                call,
                (its, _, type, body) -> {
                    its.tell(new FeedItem("Heard", body), pushes::add);
                    return type.equals("Say")
                            ? new Outcome.Done("Said", body)
                            : new Outcome.Failed("Unknown", "no such message: " + type);
                },
                pushes::add);
        state = session.state();
        return answer;
    }

    /** Until nobody has anything to say; pushes are lost if they are not wanted. */
    private void talk(boolean pushed) {
        while (!toGate.isEmpty() || !toClient.isEmpty() || !pushes.isEmpty()) {
            if (!toClient.isEmpty()) {
                client.on(now, toClient.remove(), this::act);
            } else if (!toGate.isEmpty()) {
                Objects.requireNonNull(gate).on(now, toGate.remove(), this::act);
            } else {
                Push push = pushes.removeFirst();
                if (pushed && push.gate() == 100 + connection) {
                    toGate.add(new SocketEvent.Pushed(push.what()));
                }
            }
        }
    }

    private void says(String type, String body) {
        client.on(now, new ClientEvent.Say(type, Bytes.utf8(body)), this::act);
    }

    private void breakOff() {
        note("-- connection " + connection + " breaks");
        toGate.clear();
        toClient.add(new ClientEvent.Broken(connection, "reset"));
        talk(false);
        now = client.nextWakeNanos();
        client.advance(now, this::act);
    }

    @Test
    void aConversation_isWhatItWas() {
        client.on(now, new ClientEvent.Start(), this::act);
        talk(true);
        says("Say", "hello");
        says("Shout", "HELLO");
        talk(true);

        note("-- the application lets her hear a room, of which she hears from position 3 on");
        for (int i = 1; i <= 4; i++) {
            room = room.and(new FeedItem("Line", Bytes.utf8("line " + i)));
        }
        Session session = new Session(state);
        session.hear("room", "room-7", 3, pushes::add);
        state = session.state();
        talk(true);

        note("-- what she says next is done, and nobody tells her");
        says("Say", "lost?");
        ask(new SessionCall.Say(1, 3, 3, 2, "Say", Bytes.utf8("lost?")));
        breakOff();
        talk(true);

        now += 15 * SECOND;
        client.advance(now, this::act);
        talk(true);

        note("-- somebody logs in as Ada");
        ask(new SessionCall.Login(state.epoch(), 999, 78, Bytes.utf8("#other")));
        talk(true);

        assertThat(text).contains("Ended[code=REPLACED");
        WrittenDown.at("core/src/test/resources/dev/berth/core/session/transcript.txt")
                .assertSays(text.toString());
    }
}
