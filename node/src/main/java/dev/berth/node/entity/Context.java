package dev.berth.node.entity;

import dev.berth.core.PublicApi;
import dev.berth.node.process.Timer;
import dev.berth.node.process.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * What an entity's code has to work with. Only its own code: while it is made, in its methods, in its timers.
 *
 * @param <K> the entity's key
 */
@PublicApi
public interface Context<K> {
    K key();

    /** What is kept under the name of the record's type, loaded from the store; {@code initial} if nothing is there. */
    <S extends Record> State<S> state(S initial);

    /** The same under another name, for two states of one type. */
    <S extends Record> State<S> state(String name, S initial);

    /**
     * A state whose changes may wait for the disk: an owner that is killed, or a write that fails, loses those of the last
     * {@code atMost}, and what was answered meanwhile is not true then; a call that is repeated may change it twice. For what
     * changes every second and is worth little.
     */
    <S extends Record> State<S> soft(S initial, Duration atMost);

    /**
     * All that is soft so far becomes durable with the method at hand, before its answer leaves: at a log-out, or by a timer,
     * {@code me.every(Duration.ofSeconds(10), me::harden)}; then a killed owner loses what was set since the timer last rang.
     */
    void harden();

    /** Runs it again and again as long as the entity is in memory, which it then is until {@link #stop}. */
    Timer every(Duration period, Runnable what);

    /** Runs it once, if the entity is in memory still. */
    Timer after(Duration delay, Runnable what);

    /** The wall clock, to reckon with for {@link #at}. In a test with berth-test it is the test's own. */
    Instant now();

    /**
     * A timer that outlives its owner: rings {@link Alarmed#alarm} at that time, or as soon as there is an owner again. It is
     * set when what the method changes is durable. A second one of the same name replaces the first.
     */
    void at(Instant when, String name);

    /** Takes the timer back, if there is one. */
    void cancel(String name);

    /**
     * Another entity of the same application. A call leaves only when all that this entity has seen is durable; a method that has
     * already set a state cannot call any more, since it could not be undone: call first, or {@link #deliver}. Two entities
     * that call each other at the same moment would wait for each other: at least one of them is told so at once.
     */
    <Q, E extends Entity<Q>> E agent(Class<E> contract, Q key);

    /**
     * The way to another entity for messages that arrive exactly once, also if this owner dies: they are kept with this
     * entity's states, in the same write, until the other one has taken them. Only methods that answer nothing; nobody waits.
     * To one entity they arrive in their order. If the other one throws, {@link Returned} hears of it. This is how something
     * goes from one entity to another: take it here, deliver it there.
     */
    <Q, E extends Entity<Q>> E deliver(Class<E> contract, Q key);

    /**
     * Tells a user something: exactly once, in order, also if he is away at the moment, and when what the method changes is durable. It
     * waits in the user's session until his client has it; of more than 256, or 128 KiB, the oldest are lost, and the client is told which.
     *
     * @param user as the log-in has named him ({@code Berth.app(...).login(...)})
     * @param message 16 KiB at most; {@code .records(...)} registers what no method takes or answers
     */
    void send(Object user, Record message);

    /** The same to each of them. For more than a handful, or often: a {@link #feed}. */
    void send(Collection<?> users, Record message);

    /** Ends a user's session, exactly once and when what the method changes is durable: his client is told LOGGED_OUT, and does not come back by itself. */
    void logOut(Object user);

    /**
     * What the entity tells many users in order, a room or a table: {@code feed.join(user)}, then {@code feed.tell(record)}. Asked for while the
     * entity's code is made, 8 at most.
     *
     * @param name as clients know it, 120 bytes at most; one who is to hear two rooms at once needs two names: {@code me.feed("room " + me.key())}
     */
    Feed feed(String name);

    /**
     * To tell something to whoever listens, anywhere in the cluster ({@link dev.berth.node.process.Self#subscribe}). What a method
     * publishes leaves when all that it has seen and changed is durable; if it throws, never. An owner that dies takes with it
     * what had not left: who must hear of it gets a {@link #deliver}.
     */
    Topic topic(String name);

    /**
     * A number that no other entity of the application, and no former or later owner, ever gets; 4 million under one grant of a
     * bucket, then an IllegalStateException.
     */
    long nextId();

    /** Leaves the memory after the method at hand; the next call loads it again. */
    void stop();
}
