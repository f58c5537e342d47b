package dev.berth.node.process;

import dev.berth.core.PublicApi;
import dev.berth.core.call.Address;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A process as its own code sees it. Only on the thread that runs its behavior, while it runs.
 *
 * @param <M> the messages it takes
 */
@PublicApi
public interface Self<M> {
    /** Where others reach it: the same as long as it lives, also through restarts. */
    Address address();

    /** To give to others. */
    ProcessRef<M> ref();

    /** A process of the same node that starts as soon as a processor is free. */
    <N> ProcessRef<N> spawn(Function<Self<N>, Behavior<N>> made);

    /** The same with a policy for what it throws. */
    <N> ProcessRef<N> spawn(Restart restart, Function<Self<N>, Behavior<N>> made);

    /** The same for a contract and its code, as {@link Processes#spawn(Class, Function)}. */
    <C> C spawn(Class<C> contract, Function<Self<Runnable>, ? extends C> code);

    /** The same for a contract and its code, with a policy. */
    <C> C spawn(Restart restart, Class<C> contract, Function<Self<Runnable>, ? extends C> code);

    /** Sends itself a message later, not before; with an accuracy of about ten milliseconds. */
    Timer after(Duration delay, M message);

    /** The same again and again; ticks that it cannot follow are left out. */
    Timer every(Duration period, M message);

    /**
     * Tells it with this message when the other process is over; at once if it is already. One of another node is over, at the
     * latest, when the view lists its node no more; a connection that breaks is no end.
     */
    void monitor(ProcessRef<?> other, Function<String, M> message);

    /** To tell something to whoever listens, anywhere in the cluster. */
    Topic topic(String name);

    /**
     * From now on it hears what anybody in the cluster publishes under the topic ({@link Topic#publish}), until it ends, as these
     * messages: a call again with the same topic takes the place of the one before. 1,024 topics at most.
     *
     * @param type of what it wants to hear; all else under the topic is left out
     * @param message is called where this process runs; null for nothing
     */
    <T> void subscribe(String topic, Class<T> type, Function<? super T, ? extends @Nullable M> message);

    /** It does not hear of it any more, but for what is in its mailbox already. */
    void unsubscribe(String topic);

    /** The answer to the message at hand comes later, from wherever; what the handler returns is then of no interest. */
    <R> Reply<R> replyLater();

    /** Ends after the message at hand. */
    void stop(String cause);
}
