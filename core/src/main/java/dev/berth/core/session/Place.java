package dev.berth.core.session;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Where a client hears a feed. Any thread.
 *
 * @param gate the address of the client's process at its gate
 * @param feed the number in his session; never used for another one of the same user
 */
public record Place(long gate, int feed) {
    static final int BYTES = Long.BYTES + Integer.BYTES;

    public static Bytes write(Collection<Place> all) {
        ByteBuffer bytes = ByteBuffer.allocate(all.size() * BYTES);
        all.forEach(place -> bytes.putLong(place.gate).putInt(place.feed));
        return Bytes.wrap(bytes.array());
    }

    public static List<Place> read(Bytes places) throws WireException {
        if (places.length() % BYTES != 0) {
            throw new WireException(
                    WireException.Kind.INVALID, "places have " + BYTES + " bytes each, these have " + places.length());
        }
        ByteBuffer bytes = ByteBuffer.wrap(places.toArray());
        List<Place> all = new ArrayList<>(places.length() / BYTES);
        while (bytes.hasRemaining()) {
            all.add(new Place(bytes.getLong(), bytes.getInt()));
        }
        return all;
    }
}
