package dev.berth.core.session;

import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import dev.berth.core.session.ClientMessage.Ack;
import dev.berth.core.session.ClientMessage.Bye;
import dev.berth.core.session.ClientMessage.Enter;
import dev.berth.core.session.ClientMessage.Gone;
import dev.berth.core.session.ClientMessage.Hello;
import dev.berth.core.session.ClientMessage.Login;
import dev.berth.core.session.ClientMessage.Ping;
import dev.berth.core.session.ClientMessage.Read;
import dev.berth.core.session.ClientMessage.Resume;
import dev.berth.core.session.ClientMessage.Say;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Versions;
import dev.berth.core.wire.WireException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

// A gate keeps nothing that is worth a write. Whatever it is not sure of ends the connection, not the session: the
// client comes back, says again what has no answer, and reads on from its cursors, here or at another gate.
//
// One SAY and one READ of a client are under way at a time, the others wait here: so answers come in order by
// themselves, and a call that was repeated on its way cannot overtake the next one.

/** The gate's side of one client's connection: see its stages. One thread. */
public class GateSocket implements Machine<SocketEvent, SocketAction> {
    private enum Stage {
        CONNECTED,
        GREETED,
        /** LOGIN was heard: is it so, and which session is there? */
        PROVING,
        /** The client was told, and has not said ENTER. */
        FOUND,
        /** ENTER or RESUME was heard, and the session has not answered. */
        ENTERING,
        OPEN,
        OVER
    }

    private enum Purpose {
        FIND,
        ENTER,
        SAY,
        /** Something that a visitor has said. */
        VISIT,
        READ,
        ACK,
        CHECK,
        LEAVE
    }

    private final GateLimits limits;
    private final long address;
    private final UnaryOperator<Bytes> hash;
    private final TokenBucket bucket;
    private Stage stage = Stage.CONNECTED;
    private ClientMessage.Bodies bodies = ClientMessage.Bodies.RECORDS;
    private long deadlineNanos;
    private String uid = "";
    private long id;
    private Bytes token = Bytes.EMPTY;
    private long epoch;
    /** At which the session was found: whoever logs in meanwhile was later. */
    private long found;

    /** Of the feeds that the session hears, and the version of that list. */
    private int[] heard = {};

    private long heardVersion = -1;
    /** Of those feeds that were read here: whose they are. */
    private final TreeMap<Integer, String> origins = new TreeMap<>();

    private boolean doubts;
    private long calls;
    private final TreeMap<Long, Purpose> underWay = new TreeMap<>();
    private final ArrayDeque<Say> says = new ArrayDeque<>();
    private final ArrayDeque<Read> reads = new ArrayDeque<>();
    private @Nullable Ack ack;

    /**
     * @param address of the client's process, which no other client ever gets
     * @param hash SHA-256
     */
    public GateSocket(GateLimits limits, long address, UnaryOperator<Bytes> hash, long nowNanos) {
        this.limits = limits;
        this.address = address;
        this.hash = hash;
        this.bucket = new TokenBucket(limits.burst(), limits.framesPerSecond(), nowNanos);
        this.deadlineNanos = nowNanos + limits.loginNanos();
    }

    /** Whether the driver may forget it: the connection is gone and no call is under way. */
    public boolean isOver() {
        return stage == Stage.OVER && underWay.isEmpty();
    }

    /** How the client wants the bodies of the application's messages; from GREETING on. */
    public ClientMessage.Bodies bodies() {
        return bodies;
    }

    /** Whether the client is to be told this; if not, who tells it may be told so. */
    public boolean hears(int feed) {
        return stage == Stage.OPEN && isHeard(feed);
    }

    /** Safety: who has left a feed is not told, also if its origin took him in once more. */
    protected boolean isHeard(int feed) {
        return feed == Feeds.PERSONAL || Arrays.binarySearch(heard, feed) >= 0;
    }

    /** Who tells the client: if one of them is lost, so may be what it has told. */
    public List<String> origins() {
        return origins.values().stream().distinct().toList();
    }

    private void learn(Feeds feeds) {
        if (feeds.version() >= heardVersion) {
            heardVersion = feeds.version();
            heard = feeds.all().stream().mapToInt(Feeds.Heard::number).sorted().toArray();
            origins.keySet().removeIf(feed -> !isHeard(feed));
        }
    }

    @Override
    public long nextWakeNanos() {
        return stage == Stage.OVER ? NEVER : deadlineNanos;
    }

    @Override
    public void advance(long nowNanos, Outbox<SocketAction> out) {
        if (stage == Stage.OVER || nowNanos < deadlineNanos) {
            return;
        }
        switch (stage) {
            case CONNECTED, GREETED, FOUND ->
                end(
                        End.LOGIN_TIMEOUT,
                        "no LOGIN, ENTER or RESUME in " + limits.loginNanos() / 1_000_000
                                + " ms, of a visitor no SAY in " + limits.idleNanos() / 1_000_000 + " ms",
                        0,
                        out);
            case PROVING, ENTERING -> end(End.TROUBLE, "the session does not answer", 1_000, out);
            case OPEN ->
                end(End.IDLE, "nothing heard for " + limits.idleNanos() / 1_000_000 + " ms; send PING", 0, out);
            case OVER -> {}
        }
    }

    @Override
    public void on(long nowNanos, SocketEvent event, Outbox<SocketAction> out) {
        if (stage == Stage.OVER) {
            afterTheEnd(event, out);
            return;
        }
        switch (event) {
            case SocketEvent.Heard(ToGate message) -> {
                if (bucket.take(nowNanos)) {
                    heard(nowNanos, message, out);
                } else {
                    end(
                            End.TOO_FAST,
                            "more than " + limits.burst() + " frames at once and " + limits.framesPerSecond()
                                    + " a second",
                            1_000,
                            out);
                }
            }
            case SocketEvent.Unreadable(String text) -> end(End.PROTOCOL, text, 0, out);
            case SocketEvent.Broken() -> leave(out);
            case SocketEvent.Ends(End why, String text, int retryMillis) -> end(why, text, retryMillis, out);
            case SocketEvent.Known known -> known(known, out);
            case SocketEvent.Denied(End why, String text, int retryMillis) -> end(why, text, retryMillis, out);
            case SocketEvent.Answered(long call, SessionAnswer answer) ->
                answered(nowNanos, Objects.requireNonNull(underWay.remove(call), "an answer to no call"), answer, out);
            case SocketEvent.Failed(long call, String text) -> {
                Purpose purpose = Objects.requireNonNull(underWay.remove(call), "the end of no call");
                failed(purpose, text, out);
            }
            case SocketEvent.Pushed(Push.What what) -> pushed(what, out);
            case SocketEvent.Doubt() -> doubt(out);
        }
    }

    private void heard(long nowNanos, ToGate message, Outbox<SocketAction> out) {
        if (stage == Stage.OPEN || (stage == Stage.GREETED && message instanceof Say)) {
            deadlineNanos = nowNanos + limits.idleNanos();
        }
        switch (message) {
            case Hello hello when stage == Stage.CONNECTED -> hello(hello, out);
            case Login login
            when stage == Stage.GREETED -> {
                says.clear();
                stage = Stage.PROVING;
                deadlineNanos = nowNanos + limits.enterNanos();
                out.add(new SocketAction.Authenticate(login.name(), login.secret(), login.device()));
            }
            case Resume resume
            when stage == Stage.GREETED -> {
                says.clear();
                stage = Stage.ENTERING;
                deadlineNanos = nowNanos + limits.enterNanos();
                uid = resume.uid();
                token = resume.token();
                call(Purpose.ENTER, new SessionCall.Resume(address, hash.apply(token), resume.heard()), out);
            }
            case Enter()
            when stage == Stage.FOUND -> {
                stage = Stage.ENTERING;
                deadlineNanos = nowNanos + limits.enterNanos();
                call(Purpose.ENTER, new SessionCall.Login(found, address, id, hash.apply(token)), out);
            }
            case Say say
            when stage == Stage.OPEN || stage == Stage.GREETED -> {
                says.add(say);
                if (says.size() > SessionLimits.SAYS_MAX) {
                    end(End.PROTOCOL, "more than " + SessionLimits.SAYS_MAX + " SAYs without an answer", 0, out);
                } else if (says.size() == 1) {
                    say(out);
                }
            }
            case Read read
            when stage == Stage.OPEN -> {
                reads.add(read);
                if (reads.size() > SessionLimits.FEEDS_MAX + 1) {
                    end(End.PROTOCOL, "more READs without an answer than there are feeds", 0, out);
                } else if (reads.size() == 1) {
                    read(out);
                }
            }
            case Ack heard
            when stage == Stage.OPEN -> {
                ack = heard;
                ack(out);
            }
            case Ping() when stage != Stage.CONNECTED -> out.add(new SocketAction.Send(new ClientMessage.Pong()));
            case Bye()
            when stage == Stage.OPEN -> {
                call(Purpose.LEAVE, new SessionCall.Bye(epoch), out);
                epoch = 0;
                end(End.LOGGED_OUT, "as you wish", 0, out);
            }
            case Hello _, Login _, Enter _, Resume _, Say _, Read _, Ack _, Ping _, Bye _ ->
                end(
                        End.PROTOCOL,
                        message.getClass().getSimpleName() + " while " + stage + "; the order is HELLO,"
                                + " of a visitor SAY, LOGIN and ENTER or RESUME, and after WELCOME all others",
                        0,
                        out);
        }
    }

    private void hello(Hello hello, Outbox<SocketAction> out) {
        try {
            int version = ClientProtocol.VERSIONS.common(Versions.of(hello.minVersion(), hello.maxVersion()));
            stage = Stage.GREETED;
            bodies = hello.bodies();
            out.add(new SocketAction.Send(new ClientMessage.Greeting(version, (int) (limits.idleNanos() / 1_000_000))));
        } catch (WireException different) {
            end(End.VERSION, String.valueOf(different.getMessage()), 0, out);
        }
    }

    private void known(SocketEvent.Known known, Outbox<SocketAction> out) {
        if (stage != Stage.PROVING) {
            throw new IllegalStateException("a client is known while " + stage);
        }
        uid = known.uid();
        id = known.id();
        token = known.token();
        call(Purpose.FIND, new SessionCall.Find(), out);
    }

    private void answered(long nowNanos, Purpose purpose, SessionAnswer answer, Outbox<SocketAction> out) {
        switch (answer) {
            case SessionAnswer.At(long its, Condition _, boolean online) -> {
                if (purpose == Purpose.FIND) {
                    stage = Stage.FOUND;
                    found = its;
                    deadlineNanos = nowNanos + limits.loginNanos();
                    out.add(new SocketAction.Send(new ClientMessage.Found(online)));
                } else {
                    end(End.TROUBLE, "the user logs in elsewhere at this moment", 0, out);
                }
            }
            case SessionAnswer.Entered(long itsEpoch, Feeds feeds) -> {
                stage = Stage.OPEN;
                epoch = itsEpoch;
                learn(feeds);
                deadlineNanos = nowNanos + limits.idleNanos();
                out.add(new SocketAction.Send(new ClientMessage.Welcome(uid, token, epoch, feeds)));
                check(out);
            }
            case SessionAnswer.Answered(long seq, ClientMessage.Outcome outcome) -> {
                if (purpose == Purpose.SAY || stage == Stage.GREETED) {
                    answer(seq, outcome, out);
                }
            }
            case SessionAnswer.Page(int feed, FeedPage page) -> {
                out.add(new SocketAction.Send(new ClientMessage.Page(feed, page)));
                nextRead(out);
            }
            case SessionAnswer.ReadAt(int feed, String origin, String name) -> {
                long call = begin(Purpose.READ);
                origins.put(feed, origin);
                out.add(new SocketAction.ReadAt(
                        call, origin, name, reads.getFirst().from(), uid, epoch, feed));
            }
            case SessionAnswer.NotHeard(int feed) -> unread(feed, out);
            case SessionAnswer.Checked(Feeds feeds) -> {
                learn(feeds);
                out.add(new SocketAction.Send(new ClientMessage.FeedsAre(feeds)));
                check(out);
            }
            case SessionAnswer.Noted() -> ack(out);
            case SessionAnswer.Stale(End why) ->
                end(
                        why,
                        why == End.DISABLED ? "this account is disabled" : why.isFinal() ? "log in again" : "",
                        0,
                        out);
            case SessionAnswer.Wrong(String text) -> end(End.PROTOCOL, text, 0, out);
        }
    }

    private void answer(long seq, ClientMessage.Outcome outcome, Outbox<SocketAction> out) {
        out.add(new SocketAction.Send(new ClientMessage.Answer(seq, outcome)));
        says.removeFirst();
        say(out);
    }

    private void say(Outbox<SocketAction> out) {
        if (says.isEmpty()) {
            return;
        }
        Say say = says.getFirst();
        if (stage == Stage.GREETED) {
            out.add(new SocketAction.Visit(begin(Purpose.VISIT), say.seq(), say.type(), say.body()));
        } else {
            call(
                    Purpose.SAY,
                    new SessionCall.Say(epoch, say.seq(), say.first(), say.heard(), say.type(), say.body()),
                    out);
        }
    }

    private void read(Outbox<SocketAction> out) {
        if (!reads.isEmpty()) {
            Read read = reads.getFirst();
            call(Purpose.READ, new SessionCall.Read(epoch, read.feed(), read.from()), out);
        }
    }

    private void nextRead(Outbox<SocketAction> out) {
        reads.removeFirst();
        read(out);
    }

    private void unread(int feed, Outbox<SocketAction> out) {
        out.add(new SocketAction.Send(new ClientMessage.Unread(feed, 1_000)));
        nextRead(out);
    }

    /** Nobody waits for it, and the latest one says all. */
    private void ack(Outbox<SocketAction> out) {
        if (ack != null && !underWay.containsValue(Purpose.ACK)) {
            call(Purpose.ACK, new SessionCall.Ack(epoch, ack.heard()), out);
            ack = null;
        }
    }

    private void doubt(Outbox<SocketAction> out) {
        doubts = true;
        check(out);
    }

    private void check(Outbox<SocketAction> out) {
        if (stage == Stage.OPEN && heeds(doubts) && !underWay.containsValue(Purpose.CHECK)) {
            doubts = false;
            call(Purpose.CHECK, new SessionCall.Check(epoch, address), out);
        }
    }

    /** Liveness: what was missed is asked for. */
    protected boolean heeds(boolean doubt) {
        return doubt;
    }

    private void failed(Purpose purpose, String text, Outbox<SocketAction> out) {
        switch (purpose) {
            case FIND, ENTER, SAY, CHECK -> end(End.TROUBLE, text, 1_000, out);
            case VISIT -> {
                if (stage == Stage.GREETED) {
                    answer(says.getFirst().seq(), new ClientMessage.Outcome.Failed(End.TROUBLE.name(), text), out);
                }
            }
            case READ -> unread(reads.getFirst().feed(), out);
            case ACK, LEAVE -> ack(out);
        }
    }

    private void pushed(Push.What what, Outbox<SocketAction> out) {
        switch (what) {
            case Push.Gone(End why) -> end(why, why == End.DISABLED ? "this account is disabled" : "", 0, out);
            case Push.Missed() -> doubt(out);
            case Push.Told(int feed, long position, FeedItem item) -> {
                if (hears(feed)) {
                    out.add(new SocketAction.Send(new ClientMessage.Told(feed, position, item)));
                } else if (stage != Stage.OPEN) {
                    doubts = true;
                }
            }
            case Push.FeedsAre(Feeds feeds) -> {
                learn(feeds);
                if (stage == Stage.OPEN) {
                    out.add(new SocketAction.Send(new ClientMessage.FeedsAre(feeds)));
                } else {
                    doubts = true;
                }
            }
        }
    }

    private void end(End why, String text, int retryMillis, Outbox<SocketAction> out) {
        out.add(new SocketAction.Send(new Gone(why.name(), text, retryMillis, why.isFinal())));
        leave(out);
    }

    private void leave(Outbox<SocketAction> out) {
        out.add(new SocketAction.Close());
        boolean was = stage == Stage.OPEN && epoch > 0;
        boolean answered = says.isEmpty();
        stage = Stage.OVER;
        says.clear();
        reads.clear();
        if (was) {
            call(Purpose.LEAVE, new SessionCall.Closed(epoch, answered), out);
        }
    }

    /** A session that was entered for a client who has left meanwhile is left too. */
    private void afterTheEnd(SocketEvent event, Outbox<SocketAction> out) {
        if (event instanceof SocketEvent.Failed(long call, String _)) {
            underWay.remove(call);
        } else if (event instanceof SocketEvent.Answered(long call, SessionAnswer answer)) {
            underWay.remove(call);
            if (answer instanceof SessionAnswer.Entered(long itsEpoch, Feeds _)) {
                call(Purpose.LEAVE, new SessionCall.Closed(itsEpoch, true), out);
            }
        }
    }

    private long begin(Purpose purpose) {
        underWay.put(++calls, purpose);
        return calls;
    }

    private void call(Purpose purpose, SessionCall what, Outbox<SocketAction> out) {
        out.add(new SocketAction.Call(begin(purpose), uid, what));
    }
}
