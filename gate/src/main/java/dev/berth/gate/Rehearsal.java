package dev.berth.gate;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.session.ClientMessage;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.session.Condition;
import dev.berth.core.session.FeedItem;
import dev.berth.core.session.FeedPage;
import dev.berth.core.session.Feeds;
import dev.berth.core.session.GateLimits;
import dev.berth.core.session.GateSocket;
import dev.berth.core.session.Push;
import dev.berth.core.session.SessionAnswer;
import dev.berth.core.session.SessionCall;
import dev.berth.core.session.SocketAction;
import dev.berth.core.session.SocketEvent;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.WireException;
import dev.berth.node.session.Lobby;
import dev.berth.node.session.SessionBook;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

// A gate that has just been started is where the clients of the one that was killed come, all at once, and the first of
// them would wait until classes are loaded and the owners of sessions are connected: most of what they wait at all. So
// it listens when it has done all that once, with itself and with nobody's session.

/** A client's connection, walked before the first client comes. One thread, which waits. */
final class Rehearsal {
    private static final String NOBODY = "berth rehearsal ";
    private static final int ROUNDS = 20;
    private static final int NAMES = 512;
    private static final int OWNERS_MAX = 64;
    private static final long PATIENCE_SECONDS = 2;
    private static final Bytes TOKEN = Bytes.utf8("a token of thirty-two characters");

    private final FrameWriter<ToGate> says = new FrameWriter<>(
            ClientProtocol.GATE, ClientProtocol.ID, ClientProtocol.VERSIONS.max(), ClientProtocol.TO_GATE);
    private final FrameReader<ToGate> heard =
            new FrameReader<>(ClientProtocol.GATE, ClientProtocol.ID, ClientProtocol.VERSIONS, ClientProtocol.TO_GATE);
    private final FrameWriter<ToClient> tells = new FrameWriter<>(
            ClientProtocol.CLIENT, ClientProtocol.ID, ClientProtocol.VERSIONS.max(), ClientProtocol.TO_CLIENT);
    private final GateSocket socket;
    private final ArrayDeque<SocketEvent> events = new ArrayDeque<>();

    private Rehearsal(GateLimits limits) {
        socket = new GateSocket(limits, 0, SessionGate::sha256, System.nanoTime());
    }

    static void play(Lobby lobby, GateLimits limits) {
        try {
            for (int i = 0; i < ROUNDS; i++) {
                new Rehearsal(limits).connection();
            }
        } catch (WireException impossible) {
            throw new IllegalStateException(impossible);
        }
        greetOwners(lobby);
    }

    private void connection() throws WireException {
        FeedItem item = new FeedItem("told", TOKEN);
        hears(new ClientMessage.Hello(
                ClientProtocol.VERSIONS.min(), ClientProtocol.VERSIONS.max(), ClientMessage.Bodies.RECORDS));
        hears(new ClientMessage.Resume(NOBODY, TOKEN, 0));
        hears(new ClientMessage.Say(1, 1, 0, "said", TOKEN));
        on(new SocketEvent.Pushed(passed(new Push.Told(Feeds.PERSONAL, 1, item), Push.What.class)));
        hears(new ClientMessage.Ack(1));
        hears(new ClientMessage.Read(Feeds.PERSONAL, 1));
        on(new SocketEvent.Doubt());
        hears(new ClientMessage.Ping());
        hears(new ClientMessage.Bye());
    }

    private void hears(ToGate message) throws WireException {
        byte[] frame = says.frame(message);
        heard.read(frame, 0, frame.length, decoded -> events.add(new SocketEvent.Heard(decoded)));
        playOut();
    }

    private void on(SocketEvent event) throws WireException {
        events.add(event);
        playOut();
    }

    private void playOut() throws WireException {
        ArrayDeque<SocketAction> actions = new ArrayDeque<>();
        for (SocketEvent event = events.poll(); event != null; event = events.poll()) {
            socket.on(System.nanoTime(), event, actions::add);
            for (SocketAction action = actions.poll(); action != null; action = actions.poll()) {
                if (action instanceof SocketAction.Send(ToClient message)) {
                    tells.frame(message);
                } else if (action instanceof SocketAction.Call(long call, String _, SessionCall what)) {
                    SessionAnswer answer = answer(passed(what, SessionCall.class));
                    events.add(new SocketEvent.Answered(call, passed(answer, SessionAnswer.class)));
                }
            }
        }
    }

    private static <T> T passed(T value, Class<T> type) throws WireException {
        return SessionBook.read(SessionBook.write(value), type);
    }

    private static SessionAnswer answer(SessionCall call) {
        Feeds feeds = new Feeds(0, List.of(new Feeds.Heard(Feeds.PERSONAL, "", 1, 1)));
        return switch (call) {
            case SessionCall.Find() -> new SessionAnswer.At(0, Condition.OFFLINE, false);
            case SessionCall.Login _, SessionCall.Resume _ -> new SessionAnswer.Entered(1, feeds);
            case SessionCall.Say say ->
                new SessionAnswer.Answered(say.seq(), new ClientMessage.Outcome.Done("said", say.body()));
            case SessionCall.Read read ->
                new SessionAnswer.Page(read.feed(), new FeedPage(1, List.of(new FeedItem("told", TOKEN)), 1));
            case SessionCall.Check _ -> new SessionAnswer.Checked(feeds);
            case SessionCall.Ack _, SessionCall.Closed _, SessionCall.Bye _ -> new SessionAnswer.Noted();
        };
    }

    /** Asks each owner for a session that nobody has; so it is connected, and the way there known. */
    private static void greetOwners(Lobby lobby) {
        View view = lobby.node().view();
        if (view == null) {
            return;
        }
        Set<Incarnation> owners = new HashSet<>();
        CountDownLatch asked = new CountDownLatch(NAMES);
        for (int i = 0; i < NAMES; i++) {
            String user = NOBODY + i;
            SlotState state = view.slot(lobby.slot(user));
            if (state != null && state.isServed() && owners.size() < OWNERS_MAX && owners.add(state.owner())) {
                lobby.ask(0, i, user, "", new SessionCall.Find(), _ -> asked.countDown());
            } else {
                asked.countDown();
            }
        }
        try {
            // What is not answered by then is no reason to keep clients away.
            var _ = asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException ends) {
            Thread.currentThread().interrupt();
        }
    }
}
