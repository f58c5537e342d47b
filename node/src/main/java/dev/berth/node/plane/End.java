package dev.berth.node.plane;

import dev.berth.core.call.Admission;
import dev.berth.core.call.AdmissionAction;
import dev.berth.core.call.AdmissionEvent;
import dev.berth.core.call.Dispatch;
import dev.berth.core.call.Link;
import dev.berth.core.call.LinkAction;
import dev.berth.core.call.LinkEvent;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import dev.berth.node.link.Dial;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One side of a connection between two nodes, from the dial or the accept to its end. One thread: the plane's loop. */
final class End implements PipeEars<PeerMessage, PeerMessage> {
    private final Plane plane;
    private final Link link;
    private final Outbox<LinkAction> linkOut = this::act;
    private final Outbox<AdmissionAction> admissionOut = this::act;
    /** Whom it dialed, or who turned out to be at the other side. */
    private Incarnation peer;

    private long connection;
    /** The newest accepted connection of this pair (rule 16); read by whoever judges. */
    private volatile long current;

    private @Nullable Pipe<PeerMessage> pipe;
    private @Nullable Dial dial;
    private @Nullable Admission admission;
    /** If the other side is a hidden node. */
    private @Nullable Guest guest;

    private boolean open = true;
    /** Why it is not open any more. */
    private String cause = "";

    private boolean touched;

    End(Plane plane, Link link, Incarnation peer, long connection) {
        this.plane = plane;
        this.link = link;
        this.peer = peer;
        this.connection = connection;
    }

    void dialed(Dial itsDial) {
        dial = itsDial;
    }

    String cause() {
        return cause;
    }

    /** The first reason is the one that counts. */
    private void because(String why) {
        cause = cause.isEmpty() ? why : cause;
    }

    Incarnation peer() {
        return peer;
    }

    long connection() {
        return connection;
    }

    long current() {
        return current;
    }

    boolean isOpen() {
        return open;
    }

    boolean isEstablished() {
        return admission != null;
    }

    boolean is(Incarnation other, long number) {
        return connection == number && peer.equals(other);
    }

    /** Nothing of it waits any more. */
    boolean isSpent() {
        return !open && (admission == null || admission.isEmpty());
    }

    long nextWakeNanos() {
        Admission in = admission;
        long calls = guest == null ? Machine.NEVER : guest.nextWakeNanos();
        return Math.min(Math.min(link.nextWakeNanos(), calls), in == null ? Machine.NEVER : in.nextWakeNanos());
    }

    // ---- What the pipe says

    @Override
    public void opened(Pipe<PeerMessage> itsPipe) {
        pipe = itsPipe;
        if (open) {
            feed(new LinkEvent.Opened());
            plane.settle(this);
        } else {
            itsPipe.close("not wanted any more");
        }
    }

    @Override
    public void received(PeerMessage message) {
        if (!open) {
            return;
        }
        Admission in = admission;
        if (in == null) {
            feed(new LinkEvent.Received(message));
        } else if (message instanceof PeerMessage.Goodbye) {
            feed(new LinkEvent.Received(message));
        } else {
            in.received(plane.now(), message, admissionOut);
        }
    }

    @Override
    public void readComplete() {
        plane.settle(this);
    }

    @Override
    public void closed(String why) {
        if (open) {
            open = false;
            because(why);
            feed(new LinkEvent.Closed());
        }
        plane.settle(this);
    }

    // ---- What the plane says

    void feed(LinkEvent event) {
        switch (event) {
            case LinkEvent.Stopped(String why) -> because(why);
            case LinkEvent.Received(PeerMessage.Goodbye(long _, String why)) -> because("the other side says: " + why);
            case LinkEvent _ -> {}
        }
        link.on(plane.now(), event, linkOut);
    }

    void feed(AdmissionEvent event) {
        Admission in = admission;
        if (in != null) {
            in.on(plane.now(), event, admissionOut);
        }
    }

    void taken(Dispatch dispatch) {
        Admission in = admission;
        if (in != null) {
            in.taken(dispatch, admissionOut);
            plane.settle(this);
        }
    }

    void returned(Dispatch dispatch) {
        feed(new AdmissionEvent.Returned(dispatch));
        plane.settle(this);
    }

    void answered(Dispatch dispatch, PeerMessage.Result result) {
        Admission in = admission;
        if (in != null) {
            in.answered(plane.now(), dispatch, result, admissionOut);
        }
    }

    /** Its machines may want to be woken at another time. */
    void touched() {
        if (!touched) {
            touched = true;
            plane.touch(this);
        }
    }

    void untouched() {
        touched = false;
    }

    void advance(long nowNanos) {
        link.advance(nowNanos, linkOut);
        Admission in = admission;
        if (in != null) {
            in.advance(nowNanos, admissionOut);
        }
        if (guest != null) {
            guest.advance(nowNanos);
        }
    }

    void establish(Incarnation who, boolean hidden, long number) {
        peer = who;
        connection = number;
        current = number;
        admission = plane.admission(who, hidden, number);
    }

    void guest(Guest arrived) {
        guest = arrived;
    }

    /** Null if the other side is listed. */
    @Nullable
    Guest guest() {
        return guest;
    }

    void guestLeaves(Consumer<Object> told) {
        Guest leaving = guest;
        if (leaving != null) {
            leaving.closed();
            told.accept((Runnable) () -> leaving.gone().complete(cause));
        }
    }

    void supersede(long by) {
        current = Math.max(current, by);
        feed(new AdmissionEvent.Superseded(by));
        feed(new LinkEvent.Stopped("superseded by connection " + by));
    }

    /** The connection with the node itself has no pipe: messages pass by reference, and never at once. */
    void send(PeerMessage message) {
        Pipe<PeerMessage> out = pipe;
        if (out != null) {
            out.send(message);
        } else if (admission != null) {
            plane.later(() -> {
                received(message);
                plane.settle(this);
            });
        }
    }

    private void close(String why) {
        open = false;
        because(why);
        Pipe<PeerMessage> out = pipe;
        if (out != null) {
            out.close(why);
        } else if (dial != null) {
            dial.cancel(why);
        }
    }

    // ---- What the machines want

    private void act(LinkAction action) {
        switch (action) {
            case LinkAction.Send(PeerMessage message) -> send(message);
            case LinkAction.Supersede(Incarnation who, long number, long by) -> plane.supersede(who, number, by);
            case LinkAction.CancelDial(Incarnation who, long number) -> plane.cancelDial(who, number);
            case LinkAction.Established(Incarnation who, boolean hidden, long number, int version) ->
                plane.established(this, who, hidden, number);
            case LinkAction.Forward(PeerMessage message) -> feed(new AdmissionEvent.Received(message));
            case LinkAction.Down(Incarnation who, boolean hidden, long number) -> plane.down(this, who, hidden, number);
            case LinkAction.Close(String cause) -> close(cause);
        }
    }

    private void act(AdmissionAction action) {
        switch (action) {
            case Dispatch dispatch -> plane.admitted(this, dispatch);
            case AdmissionAction.Deliver(Incarnation who, long number, PeerMessage.Reply reply) -> {
                if (guest == null) {
                    plane.replied(who, number, reply);
                } else {
                    guest.replied(reply);
                }
            }
            case AdmissionAction.Send(long number, PeerMessage message) -> {
                if (open) {
                    send(message);
                }
            }
            case AdmissionAction.MarkAnswered answered -> plane.markAnswered(answered);
            case AdmissionAction.Dropped(PeerMessage message, String cause) -> plane.dropped(this, message, cause);
            case AdmissionAction.Violated(String cause) -> feed(new LinkEvent.Stopped(cause));
        }
    }

    @Override
    public String toString() {
        return "connection " + connection + " with " + peer;
    }
}
