package dev.berth.gate;

import dev.berth.core.wire.Bytes;
import dev.berth.node.process.AtOnce;
import dev.berth.node.process.Behavior;
import dev.berth.node.process.Misses;
import dev.berth.node.process.Raw;
import dev.berth.node.process.Reply;
import dev.berth.node.process.Self;
import org.jspecify.annotations.Nullable;

// A client is no process and no node; this one stands for it, so that whoever has its address can send to it and watch
// it, with nothing that processes did not have before (S4.9). It runs on the thread that brings the message: a packet
// from another node goes from the link's socket to the client's on one event loop.

/** What stands at a client's address. Bytes sent here are a packet for the client. */
@AtOnce
record ClientProcess(Client client) implements Behavior<Object>, Misses {
    @Override
    public @Nullable Object on(Self<Object> self, Object message) {
        Bytes packet = bytes(message, "a client");
        if (!client.sent(packet)) {
            // Nobody but who asks wants to hear of it: it is about to be NO_SUCH_PROCESS.
            Reply<Object> reply = self.replyLater();
            reply.fail(new IllegalStateException(client + " is gone"));
        }
        return Bytes.EMPTY;
    }

    @Override
    public void missed() {
        client.missed();
    }

    /** What was sent to somebody at a gate, from this node or another. */
    static Bytes bytes(Object message, String whom) {
        return switch (message) {
            case Bytes own -> own;
            case Raw(Bytes raw) -> raw;
            default ->
                throw new IllegalArgumentException(
                        whom + " takes Bytes or Raw, not " + message.getClass().getSimpleName());
        };
    }
}
