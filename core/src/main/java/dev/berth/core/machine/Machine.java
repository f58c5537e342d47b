package dev.berth.core.machine;

import dev.berth.core.PublicApi;

/**
 * Decides. A machine has no thread, clock, socket or dice of its own: it is told the time and what happened, and answers
 * with what is to be done. One driver owns it, calls it from one thread at a time, performs its actions in order and keeps
 * one timer.
 *
 * @param <E> events, a sealed type of records
 * @param <A> actions, a sealed type of records
 */
@PublicApi
public interface Machine<E, A> {
    /** The time that means "no timer is needed". */
    long NEVER = Long.MAX_VALUE;

    /** Takes one event. An exception means that the machine is broken: its driver halts the node. */
    void on(long nowNanos, E event, Outbox<A> out);

    /** Lets time pass. Calls that come early or late are legal. */
    void advance(long nowNanos, Outbox<A> out);

    /** When {@link #advance} wants to be called next, on the clock of {@code nowNanos}; {@link #NEVER} if not at all. */
    long nextWakeNanos();
}
