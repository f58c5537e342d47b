package dev.berth.core.call;

import dev.berth.core.call.PeerMessage.Goodbye;
import dev.berth.core.call.PeerMessage.Hello;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

// An address is not an identity: behind it may be the next life of the node that was meant, or this node may be the
// next life of the one the peer means. So the first frame names both incarnations and the sender's view, and nothing
// is admitted before they have been compared with a view at least as new (rule 16). The accepting side says HELLO only
// when it agrees.

/** One socket with another node, from its opening to its end. One owner, the same as that of {@link Peers}. */
public class Link implements Machine<LinkEvent, LinkAction> {
    private final LinkLimits limits;
    private final Judge judge;
    private final Peers peers;
    private final boolean authenticated;
    /** Whom this node dialed, or null if the other side did. */
    private final @Nullable Incarnation target;

    private final long dialedConnection;
    private Table table;
    private State state = new New();
    /** What came between a HELLO that is held and its view. */
    private final ArrayDeque<PeerMessage> early = new ArrayDeque<>();

    private sealed interface State {}

    private record New() implements State {}

    /** Waits for the other side's HELLO. */
    private record Greeting(long untilNanos) implements State {}

    /** Has it, and waits for the view that it names. */
    private record Holding(Hello hello, long untilNanos) implements State {}

    private record Up(Incarnation peer, boolean hidden, long connection) implements State {}

    private record Over() implements State {}

    private Link(
            LinkLimits limits,
            Judge judge,
            Peers peers,
            Table table,
            @Nullable Incarnation target,
            long connection,
            boolean authenticated) {
        this.limits = limits;
        this.judge = judge;
        this.peers = peers;
        this.table = table;
        this.target = target;
        this.dialedConnection = connection;
        this.authenticated = authenticated;
    }

    /** For {@link PeersAction.Dial}. */
    public static Link dialed(
            LinkLimits limits, Judge judge, Peers peers, Table table, Incarnation target, long connection) {
        return new Link(limits, judge, peers, table, target, connection, true);
    }

    /** @param authenticated whether the other side has proved that it belongs here; hidden nodes must (rule 16) */
    public static Link accepted(LinkLimits limits, Judge judge, Peers peers, Table table, boolean authenticated) {
        return new Link(limits, judge, peers, table, null, 0, authenticated);
    }

    public boolean isEstablished() {
        return state instanceof Up;
    }

    @Override
    public void on(long nowNanos, LinkEvent event, Outbox<LinkAction> out) {
        if (state instanceof Over) {
            return;
        }
        switch (event) {
            case LinkEvent.Opened() -> {
                state = new Greeting(nowNanos + limits.helloNanos());
                if (target != null) {
                    sendHello(target, dialedConnection, out);
                }
            }
            case LinkEvent.Received(PeerMessage message) -> received(nowNanos, message, out);
            case LinkEvent.Installed(Table next) -> {
                table = next;
                installed(out);
            }
            case LinkEvent.Suspended() -> {
                if (state instanceof Up up && up.hidden()) {
                    refuse("this node is suspended", out);
                }
            }
            case LinkEvent.Stopped(String cause) -> refuse(cause, out);
            case LinkEvent.Closed() -> end("closed by the other side", out);
        }
    }

    @Override
    public void advance(long nowNanos, Outbox<LinkAction> out) {
        if (nowNanos >= nextWakeNanos()) {
            refuse(state instanceof Holding ? "your view has not reached me" : "no HELLO in time", out);
        }
    }

    @Override
    public long nextWakeNanos() {
        return switch (state) {
            case Greeting greeting -> greeting.untilNanos();
            case Holding holding -> holding.untilNanos();
            case New _, Up _, Over _ -> NEVER;
        };
    }

    private void received(long nowNanos, PeerMessage message, Outbox<LinkAction> out) {
        switch (message) {
            case Hello hello when state instanceof Greeting -> greeted(nowNanos, hello, out);
            case Goodbye goodbye -> end("goodbye at view " + goodbye.view() + ": " + goodbye.cause(), out);
            case Hello _, PeerMessage.Call _, PeerMessage.Reply _, PeerMessage.Mark _, PeerMessage.Marked _ ->
                receivedEarly(message, out);
        }
    }

    /** The accepting side sends as soon as it has said HELLO, which this side may still hold. */
    private void receivedEarly(PeerMessage message, Outbox<LinkAction> out) {
        if (!(state instanceof Holding) || target == null || message instanceof Hello) {
            refuse("not a HELLO", out);
        } else if (early.size() >= limits.earlyMax()) {
            refuse("too much before the view that HELLO names", out);
        } else {
            early.addLast(message);
        }
    }

    private void greeted(long nowNanos, Hello hello, Outbox<LinkAction> out) {
        if (judge.isApplied(table, hello.view())) {
            identify(hello, out);
        } else {
            state = new Holding(hello, nowNanos + limits.holdNanos());
        }
    }

    /** The safety of rule 16 is the judge's; the order of the checks is for the sake of the message that explains a refusal. */
    private void identify(Hello hello, Outbox<LinkAction> out) {
        String refusal = refusal(hello);
        if (refusal != null) {
            refuse(refusal, out);
            return;
        }
        if (hello.hidden()) {
            if (!peers.welcome()) {
                refuse(Peers.GUESTS_MAX + " hidden nodes are connected already", out);
                return;
            }
        } else {
            Peers.Adoption adoption = peers.adopt(hello.from(), hello.connection(), target != null);
            if (!adoption.accepted()) {
                refuse("another connection of this pair is newer", out);
                return;
            }
            if (adoption.superseded() != 0) {
                out.add(new LinkAction.Supersede(hello.from(), adoption.superseded(), hello.connection()));
            }
            if (adoption.cancelled() != 0) {
                out.add(new LinkAction.CancelDial(hello.from(), adoption.cancelled()));
            }
        }
        if (target == null) {
            sendHello(hello.from(), hello.connection(), out);
        }
        state = new Up(hello.from(), hello.hidden(), hello.connection());
        int version = Math.min(limits.maxVersion(), hello.maxVersion());
        out.add(new LinkAction.Established(hello.from(), hello.hidden(), hello.connection(), version));
        early.forEach(message -> out.add(new LinkAction.Forward(message)));
        early.clear();
    }

    private @Nullable String refusal(Hello hello) {
        if (hello.maxVersion() < limits.minVersion() || hello.minVersion() > limits.maxVersion()) {
            return "no common version: " + hello.minVersion() + ".." + hello.maxVersion() + " and "
                    + limits.minVersion() + ".." + limits.maxVersion();
        }
        if (!judge.isMeantForUs(table, hello.to())) {
            return "this is " + table.self() + ", not " + hello.to();
        }
        if (target != null
                && (!target.equals(hello.from()) || hello.connection() != dialedConnection || hello.hidden())) {
            return "dialed " + target + " and met " + hello.from();
        }
        if (hello.connection() < 1 || hello.connection() > Peers.NUMBER_MAX) {
            return "the number of a connection lies between 1 and " + Peers.NUMBER_MAX;
        }
        if (hello.hidden()) {
            // It has no incarnation, so it can be taken for nobody who has one.
            return authenticated && hello.from().isNone() ? null : "a hidden node must be authenticated";
        }
        return judge.senderIsCurrent(table, hello.from()) ? null : hello.from() + " is not listed";
    }

    private void installed(Outbox<LinkAction> out) {
        switch (state) {
            case Holding(Hello hello, var _) when judge.isApplied(table, hello.view()) -> identify(hello, out);
            case Up up when !up.hidden() && !judge.senderIsCurrent(table, up.peer()) -> refuse("expelled", out);
            case New _, Greeting _, Holding _, Up _, Over _ -> {
                if (target != null && !judge.senderIsCurrent(table, target)) {
                    refuse("expelled", out);
                }
            }
        }
    }

    private void sendHello(Incarnation to, long connection, Outbox<LinkAction> out) {
        out.add(new LinkAction.Send(new Hello(
                table.self(), to, table.number(), connection, limits.minVersion(), limits.maxVersion(), false)));
    }

    private void refuse(String cause, Outbox<LinkAction> out) {
        if (!(state instanceof New)) {
            out.add(new LinkAction.Send(new Goodbye(table.number(), cause)));
        }
        end(cause, out);
    }

    private void end(String cause, Outbox<LinkAction> out) {
        State last = state;
        state = new Over();
        if (last instanceof Up(Incarnation peer, boolean hidden, long connection)) {
            if (hidden) {
                peers.farewell();
            }
            out.add(new LinkAction.Down(peer, hidden, connection));
        } else if (target != null) {
            out.add(new LinkAction.Down(target, false, dialedConnection));
        }
        out.add(new LinkAction.Close(cause));
    }
}
