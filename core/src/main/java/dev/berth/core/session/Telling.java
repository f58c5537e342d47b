package dev.berth.core.session;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Codec;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import java.util.List;

/**
 * What an origin tells those of its audience who are at one gate, in one message: the item once, and who they are. Any thread.
 *
 * @param origin who says so, and is to hear whom the gate does not have any more
 * @param to their {@link Place}s
 */
public record Telling(
        @Field(value = 1, max = SessionLimits.NAME_MAX) String origin,
        @Field(2) long position,
        @Field(3) FeedItem item,

        @Field(value = 4, max = SessionLimits.AUDIENCE_MAX * Place.BYTES)
        Bytes to) {
    private static final Codec<Telling> CODEC = Codec.of(Telling.class);
    private static final Limits LIMITS = new Limits(1 << 18, 16, 3);

    public Telling {
        Bounds.positive("a position", position);
    }

    public List<Place> places() throws WireException {
        return Place.read(to);
    }

    public Bytes encoded() {
        return Bytes.wrap(CODEC.encode(this));
    }

    public static Telling read(Bytes bytes) throws WireException {
        return CODEC.decode(bytes.toArray(), LIMITS);
    }
}
