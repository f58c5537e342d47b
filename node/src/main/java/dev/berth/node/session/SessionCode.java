package dev.berth.node.session;

import dev.berth.core.call.Address;
import dev.berth.core.call.OperationId;
import dev.berth.core.machine.Outbox;
import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.session.End;
import dev.berth.core.session.FeedItem;
import dev.berth.core.session.Push;
import dev.berth.core.session.Session;
import dev.berth.core.session.SessionAnswer;
import dev.berth.core.session.SessionCall;
import dev.berth.core.session.SessionState;
import dev.berth.core.session.Tries;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.entity.Backstage;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.State;
import dev.berth.node.entity.UserKey;
import dev.berth.node.entity.UserSession;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

// What the entity log promises of one call of a gate is not enough: the same SAY may come by another gate, which knows
// nothing of the first. So what a SAY calls carries the session's operation id, and whether an earlier attempt may
// have made those calls: see Tries.

/** The session of one user, as an entity over core's machine. One thread at a time: the entity's. */
final class SessionCode implements UserSession {
    private static final Bytes MISSED = SessionBook.write(new Push.Missed());

    private final Context<String> me;
    private final Backstage stage;
    private final String user;
    private final State<SessionKept> kept;
    private final Talk talk;
    private final Tries tries;

    SessionCode(Context<String> me, Talk talk) {
        this.me = me;
        this.stage = Backstage.of(me);
        this.user = me.key();
        this.kept = me.state(SessionKept.NEW);
        this.talk = talk;
        this.tries = new Tries(kept.get().session(), kept.get().saidUnder());
    }

    @Override
    public Bytes on(Bytes call, String kind) {
        SessionCall asked;
        try {
            asked = SessionBook.read(call, SessionCall.class);
        } catch (WireException unreadable) {
            throw new IllegalArgumentException("no call of a gate: " + unreadable.getMessage(), unreadable);
        }
        SessionKept before = kept.get();
        SessionState was = before.session();
        Session session = new Session(was, gate -> stage.isListed(new Address(gate)));
        List<Push> pushes = new ArrayList<>();
        SessionAnswer answer =
                session.on(asked, (_, operation, type, body) -> said(operation, type, body), pushes::add);
        SessionKept after = before;
        if (asked instanceof SessionCall.Login && answer instanceof SessionAnswer.Entered) {
            after = after.withKind(kind);
        }
        after = after.sayingUnder(tries.ended(asked, answer, was, before.saidUnder(), session.state()));
        keep(session, was, after);
        push(pushes);
        if (session.state().equals(SessionState.NEW)) {
            // Whoever makes up names fills no memory.
            me.stop();
        }
        return SessionBook.write(answer);
    }

    @Override
    public void tell(String type, Bytes body) {
        change((session, pushes) -> session.tell(new FeedItem(type, body), pushes));
    }

    @Override
    public void hear(String name, String origin, long first) {
        change((session, pushes) -> session.hear(name, origin, first, pushes));
    }

    @Override
    public void leave(String name, String origin) {
        change((session, pushes) -> session.leave(name, origin, pushes));
    }

    @Override
    public void end(String why) {
        change((session, pushes) -> session.end(End.valueOf(why), pushes));
    }

    @Override
    public void admit() {
        change((session, _) -> session.admit());
    }

    private void change(BiConsumer<Session, Outbox<Push>> what) {
        SessionState was = kept.get().session();
        Session session = new Session(was);
        List<Push> pushes = new ArrayList<>();
        what.accept(session, pushes::add);
        keep(session, was, kept.get());
        push(pushes);
    }

    private void keep(Session session, SessionState was, SessionKept with) {
        if (!session.state().equals(was)) {
            kept.set(with.with(session.state()));
        }
    }

    private void push(List<Push> pushes) {
        pushes.forEach(push -> stage.push(new Address(push.gate()), SessionBook.write(push.what()), MISSED));
    }

    private Outcome said(OperationId operation, String type, Bytes body) {
        SessionKept now = kept.get();
        stage.causedBy(operation, tries.begins(now.session(), now.saidUnder(), operation.counter(), stage.isSecond()));
        return talk.said(stage, new UserKey(now.kind(), user).value(), type, body);
    }
}
