package dev.berth.node.process;

import dev.berth.core.call.Address;
import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import java.time.Duration;

/** The way to an address of this node that no process has. Any thread. */
record Nobody<M>(Address address) implements ProcessRef<M> {
    /** As to one that ends before it reads it. */
    @Override
    public void send(M message) {}

    @Override
    public <R, Q extends Asks<R>> R call(Q question, Duration within) {
        throw CallException.of(
                "call of process " + address, new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0), null);
    }
}
