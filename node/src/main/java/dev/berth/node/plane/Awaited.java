package dev.berth.node.plane;

import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.wire.Bytes;
import dev.berth.node.link.Loops;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A call whose thread waits for its end: one thread, one end. Made and waited for by that thread. */
public final class Awaited implements CallEnd {
    private final Thread waiting = Thread.currentThread();
    private String id = "";
    private volatile @Nullable Outcome<Bytes> outcome;

    /** @param what for the message, if this thread must not wait */
    public Awaited(String what) {
        Loops.requireMayBlock(what);
    }

    @Override
    public void ended(Outcome<Bytes> how, String call) {
        id = call;
        outcome = how;
        LockSupport.unpark(waiting);
    }

    /** The value; throws {@link CallException} if the call does not end as Done, or if the thread is interrupted. */
    public Bytes value(String service, String part, long number) {
        Outcome<Bytes> how = await();
        if (how instanceof Outcome.Done<Bytes>(Bytes value)) {
            return value;
        }
        throw CallException.noted("call of " + service + part + number, how, id);
    }

    /** By which {@code berth why} knows it, after its end. */
    public String id() {
        return id;
    }

    /** Its end; Unknown if the thread is interrupted. */
    public Outcome<Bytes> await() {
        Outcome<Bytes> how = outcome;
        while (how == null) {
            if (Thread.currentThread().isInterrupted()) {
                return new Outcome.Unknown<>(Outcome.Cause.STOPPED);
            }
            LockSupport.park(this);
            how = outcome;
        }
        return how;
    }
}
