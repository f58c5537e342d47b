package dev.berth.client;

import dev.berth.core.record.RecordBook;
import dev.berth.core.session.Audience;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.session.FeedHistory;
import dev.berth.core.session.FeedItem;
import dev.berth.core.session.FeedPage;
import dev.berth.core.session.FeedRead;
import dev.berth.core.session.Place;
import dev.berth.core.session.Push;
import dev.berth.core.session.Session;
import dev.berth.core.session.SessionAnswer;
import dev.berth.core.session.SessionCall;
import dev.berth.core.session.SessionState;
import dev.berth.core.session.SocketAction;
import dev.berth.core.session.SocketEvent;
import dev.berth.core.session.Telling;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

// What gates of a real cluster ask owners over the network is here one lock: the machines of core are the real ones,
// and so is everything between a client and its gate. What a gate loses with its sockets, it loses here too.

/** The sessions of users and one room, behind some piers. */
final class Town {
    record Note(String text) {}

    record Noted(String text, int before) {}

    static final RecordBook BOOK =
            RecordBook.named("town").with(Note.class, Noted.class).build();

    /** Says that it is enough, to whoever says it. */
    static final String RUDE = "rude";

    private final Map<String, SessionState> sessions = new HashMap<>();
    private final Map<Long, Pier.Socket> sockets = new HashMap<>();
    private final List<String> effects = new ArrayList<>();
    private final Set<String> fatal = new HashSet<>();
    private FeedHistory plaza = FeedHistory.EMPTY;
    private Audience audience = new Audience("plaza");
    private long addresses;

    synchronized long enter(Pier.Socket socket) {
        sockets.put(++addresses, socket);
        return addresses;
    }

    synchronized void leave(long address) {
        sockets.remove(address);
        audience.lost(place -> place.gate() == address);
    }

    /** When this has been done its gate dies, before it can answer. */
    synchronized void killAfter(String text) {
        fatal.add(text);
    }

    /** What was done, in order. */
    synchronized List<String> effects() {
        return List.copyOf(effects);
    }

    /** Of feed 0. */
    synchronized void tell(String uid, String text) {
        List<Push> pushes = new ArrayList<>();
        Session session = session(uid);
        session.tell(new FeedItem("town/Note", BOOK.write(new Note(text))), pushes::add);
        sessions.put(uid, session.state());
        pushes.forEach(this::push);
    }

    synchronized void tellPlaza(String text) {
        FeedItem item = new FeedItem("town/Note", BOOK.write(new Note(text)));
        plaza = plaza.and(item);
        audience.tell(plaza.last(), item, message -> told(message.telling()));
    }

    synchronized void joinPlaza(String uid) {
        List<Push> pushes = new ArrayList<>();
        Session session = session(uid);
        session.hear("plaza", "plaza", plaza.last() + 1, pushes::add);
        sessions.put(uid, session.state());
        pushes.forEach(this::push);
    }

    private Session session(String uid) {
        return new Session(sessions.getOrDefault(uid, SessionState.NEW));
    }

    private void push(Push push) {
        Pier.Socket socket = sockets.get(push.gate());
        if (socket != null) {
            socket.later(new SocketEvent.Pushed(push.what()));
        }
    }

    private void told(Telling telling) {
        try {
            for (Place place : telling.places()) {
                push(new Push(place.gate(), new Push.Told(place.feed(), telling.position(), telling.item())));
            }
        } catch (WireException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    /** A gate's call; nothing comes back if the gate is dead by then. */
    synchronized void call(Pier.Socket from, SocketAction.Call call) {
        List<Push> pushes = new ArrayList<>();
        Session session = session(call.uid());
        int before = effects.size();
        SessionAnswer answer = session.on(call.what(), (_, _, type, body) -> run(call.uid(), type, body), pushes::add);
        sessions.put(call.uid(), session.state());
        pushes.forEach(this::push);
        boolean isFatal = call.what() instanceof SessionCall.Say
                && effects.size() > before
                && fatal.removeIf(text -> effects.getLast().endsWith(" " + text));
        if (isFatal) {
            from.pier().kill();
        } else {
            from.later(new SocketEvent.Answered(call.call(), answer));
        }
    }

    synchronized void read(Pier.Socket from, SocketAction.ReadAt read) {
        audience.reads(
                new FeedRead(read.name(), read.from(), read.uid(), read.epoch(), from.address(), 0, read.feed()));
        FeedPage page = plaza.read(read.from());
        from.later(new SocketEvent.Answered(read.call(), new SessionAnswer.Page(read.feed(), page)));
    }

    private Outcome run(String uid, String type, Bytes body) {
        if (!type.equals("town/Note")) {
            effects.add(uid + " " + body.utf8());
            return new Outcome.Done(type, body);
        }
        try {
            String text = BOOK.read(body, Note.class).text();
            if (text.equals(RUDE)) {
                return new Outcome.Failed(RUDE, "not here");
            }
            effects.add(uid + " " + text);
            return new Outcome.Done("town/Noted", BOOK.write(new Noted(text, effects.size() - 1)));
        } catch (WireException e) {
            return new Outcome.Failed("unreadable", String.valueOf(e.getMessage()));
        }
    }
}
