package dev.berth.node.link;

import io.netty.channel.EventLoop;
import java.net.SocketAddress;

/**
 * One authenticated connection. Everything but {@link #loop}, {@link #remote} and {@link #version} is called on its event loop
 * only; elsewhere it throws an IllegalStateException.
 *
 * @param <O> what this end says
 */
public interface Pipe<O> {
    EventLoop loop();

    /**
     * Encodes the message at once; the bytes leave at the end of the event loop's pass, with whatever else was sent in it. A
     * message over its own bounds is an IllegalArgumentException and leaves the pipe as it was. When the bytes that wait reach
     * the hard bound the pipe is closed. On a closed pipe the message is dropped: the ears have been told or will be.
     */
    void send(O message);

    /** Whether so much waits that it would be better not to send; {@link PipeEars#roomAgain} says when that is over. */
    boolean isFull();

    /** Bytes sent here that the kernel has not taken yet. */
    int pendingBytes();

    /**
     * Hands to the kernel what was sent, as far as it takes it now, and closes. Nothing more is received, not even from bytes
     * that have arrived; {@link PipeEars#closed} comes with a later task of the loop, never from inside this call.
     */
    void close(String cause);

    boolean isOpen();

    /** Where the other end is; for messages to people. */
    SocketAddress remote();

    /** The protocol version agreed upon: what only later versions have must not be sent. */
    int version();
}
