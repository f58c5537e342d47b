package dev.berth.gate;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Bytes;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * How packets lie in a TCP stream: a plug, which knows nothing of one client and keeps nothing. Called on event loops, many at a
 * time. Over WebSocket each message is a packet and this is not asked.
 */
@PublicApi
public interface Framing {
    /**
     * Takes the next packet out of what has come.
     *
     * @param in from its reader index; what is not taken comes again, with more behind it
     * @param seen so many of these bytes were there when this last said null
     * @param packetMax of a longer one nothing need be kept: it is refused by throwing
     * @return null if it is not there as a whole yet
     * @throws MalformedPacketException when this can never become one: the client is closed
     */
    @Nullable
    Bytes decode(ByteBuf in, int seen, int packetMax) throws MalformedPacketException;

    /** The largest packet that can be said in it. */
    int packetMax();

    /**
     * Writes a packet that is not larger than {@link #packetMax}.
     *
     * @throws IllegalArgumentException when this packet cannot be said in it
     */
    void encode(Bytes packet, ByteBuf out);

    /** Bytes that encoding adds to a packet, or more. */
    int overhead();

    /** Berth's own: four bytes of length, big-endian, and so many bytes. */
    static Framing lengths() {
        return new LengthFraming(4);
    }

    /** Two bytes of length, big-endian, and so many bytes, as OpenPoker has it. */
    static Framing shortLengths() {
        return new LengthFraming(2);
    }

    /** Lines that end with a line feed, which is not part of the packet, nor is a carriage return before it. */
    static Framing lines() {
        return new LineFraming();
    }
}
