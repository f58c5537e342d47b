package dev.berth.core.session;

import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import dev.berth.core.session.ClientMessage.Ack;
import dev.berth.core.session.ClientMessage.Gone;
import dev.berth.core.session.ClientMessage.Say;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.wire.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

// A connection is worth nothing to a client: it keeps what it has said and has no answer to, and how far it is in each
// feed, and with these two goes on at the next gate. The only thing that ends it is a GONE that says so: a client that
// was replaced and came back by itself would replace the other one, for ever.
//
// A gate that lives greets and answers PING at once, whatever its owners do. So silence is noticed within seconds,
// while entering, which asks owners, may take long. A gate that is only slow is given twice as long in each round of
// the list.
//
// A gate of the list may send it on to a server that has a place. Whatever goes wrong there, the way back is the list:
// whom it was sent to sends it nowhere.

/** The client's side of a session. One thread. */
public class Client implements Machine<ClientEvent, ClientAction> {
    private static final int RETRY_MILLIS_MAX = 60_000;
    /** In so many {@code pingNanos} without a word of its own it says PING, also to a gate that speaks. */
    private static final int QUIET = 3;
    /** After so many in which the two had nothing else to say PING and PONG become as rare. */
    private static final int IDLE = 12;

    private enum Stage {
        NEW,
        /** Until the next attempt. */
        WAITING,
        CONNECTING,
        GREETING,
        ENTERING,
        OPEN,
        ENDED
    }

    private final ClientConfig config;
    private final RandomGenerator dice;
    private Stage stage = Stage.NEW;
    /** Of waiting, connecting and entering. */
    private long deadlineNanos = NEVER;

    private long connection;
    private int gate;
    /** Where a gate of the list has sent it; empty if it is to be at one of these. */
    private String handed = "";

    private int failures;
    private long openedNanos;
    private long heardNanos;
    private long sentNanos;
    /** Of the last message either way that was neither PING nor PONG. */
    private long busyNanos;
    /** Since when a PING has no answer. */
    private long pingedNanos = NEVER;

    private String uid = "";
    private @Nullable Bytes token;
    private long said;
    private final ArrayDeque<Say> unanswered = new ArrayDeque<>();
    private final TreeMap<Integer, Cursor> cursors = new TreeMap<>();
    private long feedsVersion;
    private long acked;

    public Client(ClientConfig config, RandomGenerator dice) {
        this.config = config;
        this.dice = dice;
        this.gate = dice.nextInt(config.gates().size());
    }

    @Override
    public long nextWakeNanos() {
        return switch (stage) {
            case NEW, ENDED -> NEVER;
            case WAITING -> isNeeded() ? deadlineNanos : NEVER;
            case CONNECTING, GREETING -> deadlineNanos;
            case ENTERING -> Math.min(deadlineNanos, livenessNanos());
            case OPEN -> {
                long next = livenessNanos();
                for (Cursor cursor : cursors.values()) {
                    next = Math.min(next, cursor.nextWakeNanos());
                }
                yield next;
            }
        };
    }

    @Override
    public void advance(long nowNanos, Outbox<ClientAction> out) {
        switch (stage) {
            case NEW, ENDED -> {}
            case WAITING -> {
                if (isNeeded() && nowNanos >= deadlineNanos) {
                    connect(nowNanos, out);
                }
            }
            case CONNECTING, GREETING, ENTERING -> {
                if (nowNanos >= deadlineNanos) {
                    lost(nowNanos, "no answer while " + stage, 0, out);
                } else if (stage == Stage.ENTERING) {
                    isAlive(nowNanos, out);
                }
            }
            case OPEN -> {
                if (isAlive(nowNanos, out)) {
                    readOn(nowNanos, out);
                }
            }
        }
    }

    // A PING that has no answer counts, not the time in which nothing was heard: who was asleep himself has heard
    // nothing either.

    private boolean isAlive(long nowNanos, Outbox<ClientAction> out) {
        if (nowNanos < livenessNanos()) {
            return true;
        }
        if (pingedNanos == NEVER) {
            send(nowNanos, new ClientMessage.Ping(), out);
            pingedNanos = nowNanos;
            return true;
        }
        lost(nowNanos, "the gate is silent", 0, out);
        return false;
    }

    /** Of the next PING, or of the end if that has none. */
    private long livenessNanos() {
        if (pingedNanos != NEVER) {
            return pingedNanos + config.silenceNanos();
        }
        long soon = heardNanos + config.pingNanos();
        boolean isIdle = unanswered.isEmpty() && soon >= busyNanos + IDLE * config.pingNanos();
        return Math.min(
                isIdle ? heardNanos + QUIET * config.pingNanos() : soon, sentNanos + QUIET * config.pingNanos());
    }

    /** A visitor has a connection while he has something to say, and as long as the gate likes. */
    private boolean isNeeded() {
        return !config.visits() || !unanswered.isEmpty();
    }

    @Override
    public void on(long nowNanos, ClientEvent event, Outbox<ClientAction> out) {
        switch (event) {
            case ClientEvent.Start() -> {
                if (stage != Stage.NEW) {
                    throw new IllegalStateException("a client is started once; it is " + stage);
                }
                stage = Stage.WAITING;
                deadlineNanos = nowNanos;
                advance(nowNanos, out);
            }
            case ClientEvent.Say(String type, Bytes body) -> say(nowNanos, type, body, out);
            case ClientEvent.Stop() -> stop(nowNanos, out);
            case ClientEvent.Connected(long its) -> {
                if (its == connection && stage == Stage.CONNECTING) {
                    stage = Stage.GREETING;
                    deadlineNanos = nowNanos + connectNanos();
                    send(
                            nowNanos,
                            new ClientMessage.Hello(
                                    ClientProtocol.VERSIONS.min(), ClientProtocol.VERSIONS.max(), config.bodies()),
                            out);
                }
            }
            case ClientEvent.Broken(long its, String text) -> {
                if (its == connection && isConnected()) {
                    lost(nowNanos, text, 0, out);
                }
            }
            case ClientEvent.Heard(long its, ToClient message) -> {
                if (its == connection && isConnected()) {
                    heardNanos = nowNanos;
                    busyNanos = message instanceof ClientMessage.Pong ? busyNanos : nowNanos;
                    pingedNanos = NEVER;
                    heard(nowNanos, message, out);
                }
            }
        }
    }

    private boolean isConnected() {
        return switch (stage) {
            case CONNECTING, GREETING, ENTERING, OPEN -> true;
            case NEW, WAITING, ENDED -> false;
        };
    }

    private void connect(long nowNanos, Outbox<ClientAction> out) {
        stage = Stage.CONNECTING;
        deadlineNanos = nowNanos + connectNanos();
        pingedNanos = NEVER;
        out.add(new ClientAction.Connect(
                ++connection, handed.isEmpty() ? config.gates().get(gate) : handed));
    }

    /** Doubles with each round of the list, up to what entering may take. */
    private long connectNanos() {
        int rounds = Math.max(0, failures - 1) / config.gates().size();
        long doubled = config.connectNanos() << Math.min(rounds, Long.numberOfLeadingZeros(config.connectNanos()) - 1);
        return Math.min(doubled, Math.max(config.connectNanos(), config.enterNanos()));
    }

    private void send(long nowNanos, ToGate message, Outbox<ClientAction> out) {
        sentNanos = nowNanos;
        busyNanos = message instanceof ClientMessage.Ping ? busyNanos : nowNanos;
        out.add(new ClientAction.Send(connection, message));
    }

    private void heard(long nowNanos, ToClient message, Outbox<ClientAction> out) {
        switch (message) {
            case ClientMessage.Greeting _
            when stage == Stage.GREETING -> {
                if (config.visits()) {
                    opened(nowNanos, 0, out);
                    again(List.copyOf(unanswered)).forEach(each -> say(nowNanos, each, out));
                    return;
                }
                stage = Stage.ENTERING;
                deadlineNanos = nowNanos + config.enterNanos();
                Bytes known = token;
                send(
                        nowNanos,
                        known == null
                                ? new ClientMessage.Login(config.name(), config.secret(), config.device())
                                : new ClientMessage.Resume(uid, known, personal()),
                        out);
            }
            case ClientMessage.Found _
            when stage == Stage.ENTERING && token == null -> send(nowNanos, new ClientMessage.Enter(), out);
            case ClientMessage.Welcome welcome when stage == Stage.ENTERING -> welcome(nowNanos, welcome, out);
            case ClientMessage.Answer(long seq, ClientMessage.Outcome outcome)
            when stage == Stage.OPEN -> answer(nowNanos, seq, outcome, out);
            case ClientMessage.Told(int feed, long position, FeedItem item)
            when stage == Stage.OPEN -> {
                Cursor cursor = cursors.get(feed);
                if (cursor != null) {
                    cursor.told(position, item, out);
                    readOn(nowNanos, out);
                }
            }
            case ClientMessage.Page(int feed, FeedPage page)
            when stage == Stage.OPEN -> {
                Cursor cursor = cursors.get(feed);
                if (cursor != null) {
                    cursor.page(nowNanos, page, out);
                    readOn(nowNanos, out);
                }
            }
            case ClientMessage.Unread(int feed, int retryMillis)
            when stage == Stage.OPEN -> {
                Cursor cursor = cursors.get(feed);
                if (cursor != null) {
                    cursor.unread(nowNanos, Math.min(retryMillis, RETRY_MILLIS_MAX));
                }
            }
            case ClientMessage.FeedsAre(Feeds feeds)
            when stage == Stage.OPEN -> {
                hear(feeds, out);
                readOn(nowNanos, out);
            }
            case Gone gone -> gone(nowNanos, gone, out);
            case ClientMessage.Pong() -> {}
            case ClientMessage.Greeting _,
                    ClientMessage.Found _,
                    ClientMessage.Welcome _,
                    ClientMessage.Answer _,
                    ClientMessage.Told _,
                    ClientMessage.Page _,
                    ClientMessage.Unread _,
                    ClientMessage.FeedsAre _ ->
                lost(nowNanos, message.getClass().getSimpleName() + " while " + stage, 0, out);
        }
    }

    private void welcome(long nowNanos, ClientMessage.Welcome welcome, Outbox<ClientAction> out) {
        uid = welcome.uid();
        token = welcome.token();
        opened(nowNanos, welcome.epoch(), out);
        cursors.values().forEach(Cursor::reconnect);
        hear(welcome.feeds(), out);
        again(List.copyOf(unanswered)).forEach(each -> say(nowNanos, each, out));
        readOn(nowNanos, out);
    }

    private void opened(long nowNanos, long epoch, Outbox<ClientAction> out) {
        stage = Stage.OPEN;
        openedNanos = nowNanos;
        out.add(new ClientAction.Online(uid, epoch));
    }

    /** Liveness: what has no answer is said once more. */
    protected List<Say> again(List<Say> all) {
        return all;
    }

    private void hear(Feeds feeds, Outbox<ClientAction> out) {
        if (feeds.version() < feedsVersion) {
            return;
        }
        feedsVersion = feeds.version();
        cursors.keySet().retainAll(feeds.all().stream().map(Feeds.Heard::number).toList());
        for (Feeds.Heard feed : feeds.all()) {
            cursors.computeIfAbsent(feed.number(), _ -> cursor(feed)).stands(feed, out);
        }
    }

    Cursor cursor(Feeds.Heard feed) {
        return new Cursor(feed);
    }

    private void readOn(long nowNanos, Outbox<ClientAction> out) {
        cursors.values().forEach(cursor -> cursor.next(nowNanos).ifPresent(read -> send(nowNanos, read, out)));
        if (personal() - acked >= SessionLimits.ACK_EVERY) {
            acked = personal();
            send(nowNanos, new Ack(acked), out);
        }
    }

    private long personal() {
        Cursor cursor = cursors.get(Feeds.PERSONAL);
        return cursor == null ? 0 : cursor.position();
    }

    private void say(long nowNanos, String type, Bytes body, Outbox<ClientAction> out) {
        Bounds.name("the type of a message", type);
        Bounds.bytes("what is said", body, SessionLimits.BODY_MAX);
        if (stage == Stage.ENDED) {
            out.add(new ClientAction.NotTaken("the session is over"));
        } else if (unanswered.size() == SessionLimits.SAYS_MAX) {
            out.add(new ClientAction.NotTaken(
                    SessionLimits.SAYS_MAX + " have no answer yet; say it again when one has come"));
        } else {
            Say say = new Say(++said, 0, 0, type, body);
            unanswered.add(say);
            out.add(new ClientAction.Taken(said));
            if (stage == Stage.OPEN) {
                say(nowNanos, say, out);
            } else {
                advance(nowNanos, out);
            }
        }
    }

    /** With what this client has by now. */
    private void say(long nowNanos, Say say, Outbox<ClientAction> out) {
        acked = personal();
        send(nowNanos, new Say(say.seq(), unanswered.getFirst().seq(), acked, say.type(), say.body()), out);
    }

    private void answer(long nowNanos, long seq, ClientMessage.Outcome outcome, Outbox<ClientAction> out) {
        Say first = unanswered.peekFirst();
        if (first == null || seq < first.seq()) {
            return; // told a second time
        }
        if (seq > first.seq()) {
            lost(nowNanos, "answer " + seq + " before answer " + first.seq(), 0, out);
            return;
        }
        unanswered.removeFirst();
        out.add(new ClientAction.Answered(seq, outcome));
    }

    private void gone(long nowNanos, Gone gone, Outbox<ClientAction> out) {
        String next = handed.isEmpty()
                ? Referral.from(config.gates().get(gate), gone.to()).orElse("")
                : "";
        if (isFinal(gone)) {
            ended(gone.code(), gone.text(), out);
        } else if (!next.isEmpty()) {
            handedOff(nowNanos, next, gone.code(), out);
        } else {
            lost(nowNanos, gone.code() + " " + gone.text(), Math.min(gone.retryMillis(), RETRY_MILLIS_MAX), out);
        }
    }

    private void handedOff(long nowNanos, String next, String why, Outbox<ClientAction> out) {
        out.add(new ClientAction.Close(connection));
        if (stage == Stage.OPEN) {
            out.add(new ClientAction.Offline(why, 0));
        }
        handed = next;
        connect(nowNanos, out);
    }

    /** Safety and liveness: who was replaced does not come back by himself. */
    protected boolean isFinal(Gone gone) {
        return gone.last();
    }

    private void stop(long nowNanos, Outbox<ClientAction> out) {
        if (stage == Stage.OPEN && !config.visits()) {
            send(nowNanos, new ClientMessage.Bye(), out);
        }
        if (stage != Stage.ENDED) {
            ended(End.LOGGED_OUT.name(), "as you wish", out);
        }
    }

    private void ended(String code, String text, Outbox<ClientAction> out) {
        if (isConnected()) {
            out.add(new ClientAction.Close(connection));
        }
        stage = Stage.ENDED;
        List<Long> open = new ArrayList<>();
        unanswered.forEach(say -> open.add(say.seq()));
        out.add(new ClientAction.Ended(code, text, open));
    }

    /** On to the next gate. */
    private void lost(long nowNanos, String why, int retryMillis, Outbox<ClientAction> out) {
        out.add(new ClientAction.Close(connection));
        failures = stage == Stage.OPEN && nowNanos - openedNanos >= config.steadyNanos() ? 1 : failures + 1;
        gate = (gate + 1) % config.gates().size();
        handed = "";
        stage = Stage.WAITING;
        long delay = Math.max(config.backoff().delayNanos(failures, dice), retryMillis * 1_000_000L);
        deadlineNanos = nowNanos + delay;
        out.add(new ClientAction.Offline(why, delay));
    }
}
