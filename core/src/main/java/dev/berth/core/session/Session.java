package dev.berth.core.session;

import dev.berth.core.call.OperationId;
import dev.berth.core.machine.Outbox;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.session.SessionState.HeardFeed;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

// The epoch is checked here, where the effect happens, and not at the gate, which may not know yet that its client has
// come in elsewhere. What a client says runs in the order of its numbers, each once: the number and the answer are kept
// in the same write as what it changed, and an answer stays until the client says that it has it. No clock decides when
// one is forgotten, so a client may come back after a week and say again what it had no answer to.

/**
 * The session of one user over its durable state. An entity makes one for each call, from the state it has, and keeps {@link #state}
 * unless something is thrown. One thread.
 */
public class Session {
    /** What a client's words do. Its calls to others carry the operation, so they have one effect too. */
    @FunctionalInterface
    public interface Application {
        /** An exception leaves everything as it was, and the SAY to be said again. */
        Outcome run(Session session, OperationId operation, String type, Bytes body);
    }

    private final LongPredicate gateIsThere;
    private SessionState state;
    private boolean mustWrite;

    public Session(SessionState state) {
        this(state, _ -> true);
    }

    /** @param gateIsThere whether the node of this address is listed still: the client of one that is not has no connection */
    public Session(SessionState state, LongPredicate gateIsThere) {
        this.state = state;
        this.gateIsThere = gateIsThere;
    }

    public SessionState state() {
        return state;
    }

    /** Whether the state has to be durable before the answer leaves; otherwise it is as good as it was, and shorter. */
    public boolean mustWrite() {
        return mustWrite;
    }

    public SessionAnswer on(SessionCall call, Application application, Outbox<Push> out) {
        return switch (call) {
            case SessionCall.Find() -> state.barred() ? stale(0) : at();
            case SessionCall.Login login -> login(login, out);
            case SessionCall.Resume resume -> resume(resume, out);
            case SessionCall.Say say -> isCurrent(say.epoch()) ? say(say, application) : stale(say.epoch());
            case SessionCall.Ack(long epoch, long heard) -> isCurrent(epoch) ? ack(heard) : stale(epoch);
            case SessionCall.Read read -> isCurrent(read.epoch()) ? read(read) : stale(read.epoch());
            case SessionCall.Check(long epoch, long gate) -> isCurrent(epoch) ? check(gate) : stale(epoch);
            case SessionCall.Closed(long epoch, boolean _) -> closed(epoch);
            case SessionCall.Bye(long epoch) -> isCurrent(epoch) ? bye() : stale(epoch);
        };
    }

    /** Safety: what comes from a gate that the session has left has no effect. */
    protected boolean isCurrent(long epoch) {
        return epoch == state.epoch() && state.tokenHash().length() > 0;
    }

    private SessionAnswer stale(long epoch) {
        return new SessionAnswer.Stale(whyNot(epoch));
    }

    private End whyNot(long epoch) {
        if (state.tokenHash().length() == 0) {
            return state.barred() ? End.DISABLED : End.LOGGED_OUT;
        }
        return epoch < state.since() ? End.REPLACED : End.RESUMED;
    }

    private SessionAnswer at() {
        return new SessionAnswer.At(state.epoch(), condition(), isConnected());
    }

    /** How the user is. */
    public Condition condition() {
        if (!state.feeds().isEmpty()) {
            return Condition.BUSY;
        }
        if (state.tokenHash().length() == 0) {
            return Condition.OFFLINE;
        }
        return isConnected() ? Condition.ONLINE : Condition.CLIENT_DOWN;
    }

    private boolean isConnected() {
        return state.gate() != 0 && gateIsThere.test(state.gate());
    }

    private SessionAnswer login(SessionCall.Login login, Outbox<Push> out) {
        if (state.barred()) {
            return stale(0);
        }
        if (isOvertaken(login)) {
            return at();
        }
        Bounds.positive("bytes of a token's hash", login.tokenHash().length());
        leaveGate(End.REPLACED, out);
        keep(state.begun(login.id(), login.tokenHash(), login.gate()));
        return new SessionAnswer.Entered(state.epoch(), feeds());
    }

    /** Safety: a login that was under way while another one came in is not the newest, whenever it arrives. */
    protected boolean isOvertaken(SessionCall.Login login) {
        return login.expected() != state.epoch();
    }

    private SessionAnswer resume(SessionCall.Resume resume, Outbox<Push> out) {
        if (!isToken(resume.tokenHash())) {
            return new SessionAnswer.Stale(whyNot(0));
        }
        if (state.gate() != resume.gate()) {
            leaveGate(End.RESUMED, out);
        }
        keep(state.attached(state.epoch() + 1, resume.gate()));
        forgetHeard(resume.heard());
        return new SessionAnswer.Entered(state.epoch(), feeds());
    }

    /** Takes as long whatever differs. */
    private boolean isToken(Bytes hash) {
        Bytes known = state.tokenHash();
        int difference = known.length() ^ hash.length();
        for (int i = 0; i < Math.min(known.length(), hash.length()); i++) {
            difference |= known.at(i) ^ hash.at(i);
        }
        return difference == 0 && known.length() > 0;
    }

    private void leaveGate(End why, Outbox<Push> out) {
        if (state.gate() != 0) {
            out.add(new Push(state.gate(), new Push.Gone(why)));
        }
    }

    private SessionAnswer say(SessionCall.Say say, Application application) {
        if (say.first() < 1 || say.seq() < say.first() || say.seq() - say.first() >= SessionLimits.SAYS_MAX) {
            return new SessionAnswer.Wrong("SAY " + say.seq() + " while " + say.first() + " has no answer; at most "
                    + SessionLimits.SAYS_MAX + " are under way");
        }
        if (say.seq() > state.said() + 1 || say.first() > state.said() + 1) {
            return new SessionAnswer.Wrong("SAY " + say.seq() + " with all below " + say.first()
                    + " answered, but the last one heard was " + state.said());
        }
        if (isKnown(say.seq())) {
            return known(say.seq());
        }
        Outcome outcome = kept(application.run(this, new OperationId(state.id(), say.seq()), say.type(), say.body()));
        keep(state.ran(say.seq(), outcome, say.first()));
        forgetHeard(say.heard());
        return new SessionAnswer.Answered(say.seq(), outcome);
    }

    private static Outcome kept(Outcome outcome) {
        return outcome instanceof Outcome.Done(var _, Bytes body) && body.length() > SessionLimits.BODY_MAX
                ? new Outcome.Failed(
                        "TooLarge",
                        "it was done, but the answer has " + body.length() + " bytes, at most "
                                + SessionLimits.BODY_MAX)
                : outcome;
    }

    private SessionAnswer known(long seq) {
        long forgotten = state.said() - state.answers().size();
        return seq > forgotten
                ? new SessionAnswer.Answered(seq, state.answers().get((int) (seq - forgotten - 1)))
                : new SessionAnswer.Wrong("SAY " + seq + ", of which the answer had arrived");
    }

    /** Safety: what has run does not run again. */
    protected boolean isKnown(long seq) {
        return seq <= state.said();
    }

    private SessionAnswer ack(long heard) {
        forgetHeard(heard);
        return new SessionAnswer.Noted();
    }

    private void forgetHeard(long heard) {
        state = state.telling(state.personal().after(heard));
    }

    private SessionAnswer read(SessionCall.Read read) {
        if (read.from() < 1) {
            return new SessionAnswer.Wrong("READ from " + read.from() + "; positions count from 1");
        }
        if (read.feed() == Feeds.PERSONAL) {
            return new SessionAnswer.Page(read.feed(), state.personal().read(read.from()));
        }
        for (HeardFeed feed : state.feeds()) {
            if (feed.number() == read.feed()) {
                return new SessionAnswer.ReadAt(read.feed(), feed.origin(), feed.name());
            }
        }
        return new SessionAnswer.NotHeard(read.feed());
    }

    private SessionAnswer check(long gate) {
        if (state.gate() != gate) {
            // Somebody took the gate for dead. It is not.
            keep(state.attached(state.epoch(), gate));
        }
        return new SessionAnswer.Checked(feeds());
    }

    private SessionAnswer closed(long epoch) {
        if (closes(epoch) && state.gate() != 0) {
            keep(state.attached(state.epoch(), 0));
        }
        return new SessionAnswer.Noted();
    }

    /** Safety: the close of an old connection erases nothing of a newer one, however late it comes. */
    protected boolean closes(long epoch) {
        return epoch == state.epoch();
    }

    private SessionAnswer bye() {
        keep(state.begun(0, Bytes.EMPTY, 0));
        return new SessionAnswer.Noted();
    }

    /** Ends the session from outside: an account that is disabled, and then nobody gets in before {@link #admit}; a user who is logged out. */
    public void end(End why, Outbox<Push> out) {
        leaveGate(why, out);
        keep(state.begun(0, Bytes.EMPTY, 0).barring(why == End.DISABLED || state.barred()));
    }

    /** He may log in again. */
    public void admit() {
        if (state.barred()) {
            keep(state.barring(false));
        }
    }

    /** Tells the user something, now or when he comes back; of more than the bounds the oldest is lost, and that is said. */
    public void tell(FeedItem item, Outbox<Push> out) {
        keep(state.telling(state.personal().and(item)));
        push(new Push.Told(Feeds.PERSONAL, state.personal().last(), item), out);
    }

    /**
     * From now on the session hears a feed, from this position on; who does already goes on where he is.
     *
     * @return the feed's number in this session
     */
    public int hear(String name, String origin, long first, Outbox<Push> out) {
        for (HeardFeed feed : state.feeds()) {
            if (feed.isOf(name, origin)) {
                return feed.number();
            }
        }
        if (state.feeds().size() >= SessionLimits.FEEDS_MAX) {
            throw new IllegalArgumentException("a session hears at most " + SessionLimits.FEEDS_MAX + " feeds");
        }
        List<HeardFeed> feeds = new ArrayList<>(state.feeds());
        feeds.add(new HeardFeed(state.joined() + 1, name, origin, first));
        hear(state.joined() + 1, feeds, out);
        return state.joined();
    }

    /** It hears this feed no more; nothing if it does not. */
    public void leave(String name, String origin, Outbox<Push> out) {
        List<HeardFeed> feeds = new ArrayList<>(state.feeds());
        if (feeds.removeIf(feed -> feed.isOf(name, origin))) {
            hear(state.joined(), feeds, out);
        }
    }

    private void hear(int joined, List<HeardFeed> feeds, Outbox<Push> out) {
        keep(state.hearing(joined, feeds));
        push(new Push.FeedsAre(feeds()), out);
    }

    private void push(Push.What what, Outbox<Push> out) {
        if (state.gate() != 0) {
            out.add(new Push(state.gate(), what));
        }
    }

    private Feeds feeds() {
        List<Feeds.Heard> all = new ArrayList<>();
        all.add(new Feeds.Heard(
                Feeds.PERSONAL, "", state.personal().first(), state.personal().last()));
        state.feeds()
                .forEach(feed -> all.add(new Feeds.Heard(feed.number(), feed.name(), feed.first(), Feeds.UNKNOWN)));
        return new Feeds(state.changes(), all);
    }

    private void keep(SessionState next) {
        state = next;
        mustWrite = true;
    }
}
