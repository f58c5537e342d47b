package dev.berth.node.link;

/**
 * Hears what happens on one connection: {@code opened}, then any number of messages, then {@code closed} once. When a dial or a
 * handshake fails, {@code closed} comes alone. Called on the pipe's event loop only; must not block.
 *
 * @param <I> what this end hears
 * @param <O> what this end says
 */
public interface PipeEars<I, O> {
    /** The other end has proved that it knows the secret. Sending is allowed from here on. */
    void opened(Pipe<O> pipe);

    void received(I message);

    /** What the socket held has been received; a good moment to act on all of it together. */
    default void readComplete() {}

    /** What waited has left, after {@link Pipe#isFull} was true. */
    default void roomAgain() {}

    /** The connection is gone, or never came to be; the cause is for people. */
    void closed(String cause);
}
