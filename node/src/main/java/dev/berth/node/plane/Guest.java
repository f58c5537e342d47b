package dev.berth.node.plane;

import dev.berth.core.call.CallAction;
import dev.berth.core.call.GuestCalls;
import dev.berth.core.call.GuestEvent;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.Request;
import dev.berth.core.machine.Outbox;
import java.util.concurrent.CompletableFuture;

/** A hidden node that is connected to this one, and the way to it: its connection. Any thread, unless said otherwise. */
public final class Guest {
    private final Plane plane;
    private final End end;
    private final GuestCalls calls;
    private final Outbox<CallAction> out;
    private final CompletableFuture<String> gone = new CompletableFuture<>();

    Guest(Plane plane, End end, GuestCalls calls) {
        this.plane = plane;
        this.end = end;
        this.calls = calls;
        this.out = action -> plane.act(end, action);
    }

    /** Begins a call to it; how it ends is told to {@link Application#ended}, exactly once. */
    public void submit(Request request) {
        plane.submit(this, request);
    }

    /** Completed, on the loop, with the cause when its connection has ended. */
    public CompletableFuture<String> gone() {
        return gone;
    }

    // ---- On the loop

    void submitted(Request request) {
        calls.on(plane.now(), new GuestEvent.Submitted(request), out);
        end.touched();
    }

    void replied(PeerMessage.Reply reply) {
        calls.on(plane.now(), new GuestEvent.Replied(reply), out);
    }

    void closed() {
        calls.on(plane.now(), new GuestEvent.Closed(), out);
    }

    void advance(long nowNanos) {
        calls.advance(nowNanos, out);
    }

    long nextWakeNanos() {
        return calls.nextWakeNanos();
    }
}
