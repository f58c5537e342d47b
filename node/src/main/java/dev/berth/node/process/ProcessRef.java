package dev.berth.node.process;

import dev.berth.core.PublicApi;
import dev.berth.core.call.Address;
import dev.berth.core.call.CallException;
import java.time.Duration;

/**
 * The way to a process, wherever it is. Immutable; any thread.
 *
 * @param <M> the messages it takes
 */
@PublicApi
public interface ProcessRef<M> {
    Address address();

    /**
     * The same way for a process that fulfils a contract ({@link Processes#spawn(Class, java.util.function.Function)}).
     *
     * @throws IllegalArgumentException when it is no contract, or when the process is of another node and the contract is not in
     *     this node's book of messages
     */
    default <C> C as(Class<C> contract) {
        return ContractWay.proxy(this, contract);
    }

    /** The way to the process behind a contract: for its address, a name, a monitor. */
    static ProcessRef<?> of(Object contract) {
        return ContractWay.processOf(contract);
    }

    /**
     * Leaves a message: at most once, and nobody says what became of it. From one sender to one process messages arrive in
     * order. Another node drops what comes while 4,096 messages of this one wait there: whoever sends that fast should ask now and
     * then.
     *
     * @throws ProcessBusyException when the mailbox of a process of this node, or the way to another one, is full
     * @throws IllegalArgumentException when another node could not read it: not registered, or larger than 1 MiB
     */
    void send(M message);

    /**
     * Waits for the answer; made for virtual threads and processes. A process that waits takes no other message meanwhile. The
     * answer of another node is null, text, a number, a boolean, Bytes, the way to a process, or a registered record.
     *
     * @param within a process that is itself being asked waits no longer than whoever asks it
     * @throws CallException when it does not end as Done; it says how
     */
    <R, Q extends Asks<R>> R call(Q question, Duration within);
}
