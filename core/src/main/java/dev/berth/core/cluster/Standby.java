package dev.berth.core.cluster;

import dev.berth.core.wire.Field;
import java.util.List;

/**
 * A node that waits to be listed until there is something for it to own. Any thread.
 *
 * @param offers all that it offers
 */
public record Standby(
        @Field(value = 1, max = ServiceName.MAX) String name,
        @Field(value = 2, max = Listing.OFFERS_MAX) List<Offer> offers) {
    public Standby {
        offers = List.copyOf(offers);
    }
}
