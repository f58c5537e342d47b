package dev.berth.core.session;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Codec;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;

/**
 * What a gate asks the origin of a feed, after the session has said that it hears it: a {@link FeedPage}, and a place in the
 * {@link Audience}. Any thread.
 *
 * @param from the first position that the client has not
 * @param gate the address of the client's process there
 * @param hub the address of the gate itself, where one message is for all its clients
 * @param feed its number in the session
 */
public record FeedRead(
        @Field(value = 1, max = SessionLimits.NAME_MAX) String name,
        @Field(2) long from,
        @Field(value = 3, max = SessionLimits.NAME_MAX) String uid,
        @Field(4) long epoch,
        @Field(5) long gate,
        @Field(6) long hub,
        @Field(7) int feed) {
    private static final Codec<FeedRead> CODEC = Codec.of(FeedRead.class);
    private static final Limits LIMITS = new Limits(1_024, 16, 2);

    public Bytes encoded() {
        return Bytes.wrap(CODEC.encode(this));
    }

    public static FeedRead read(Bytes bytes) throws WireException {
        return CODEC.decode(bytes.toArray(), LIMITS);
    }
}
