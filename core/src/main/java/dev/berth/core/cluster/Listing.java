package dev.berth.core.cluster;

import dev.berth.core.wire.Field;
import java.util.List;

/**
 * A member as a view lists it. Any thread.
 *
 * @param launcher the launcher that may certify its death, or ""
 * @param draining whether its slots are to move away and no new ones come
 */
public record Listing(
        @Field(1) Incarnation incarnation,
        @Field(value = 2, max = ServiceName.MAX) String name,
        @Field(3) Nonce nonce,
        @Field(value = 4, max = OFFERS_MAX) List<Offer> offers,
        @Field(value = 5, max = ADDRESSES_MAX) List<String> addresses,
        @Field(value = 6, max = ServiceName.MAX) String launcher,
        @Field(7) boolean draining) {
    public static final int OFFERS_MAX = 64;
    public static final int ADDRESSES_MAX = 8;

    public Listing {
        ServiceName.check(name);
        if (incarnation.isNone() || incarnation.node().isNone()) {
            throw new IllegalArgumentException("member " + name + " is listed without an incarnation");
        }
        offers = List.copyOf(offers);
        addresses = List.copyOf(addresses);
    }

    public NodeId id() {
        return incarnation.node();
    }

    /** The most slots of the service that it will own; 0 if it does not offer the service. */
    public int slotsOffered(String service) {
        for (Offer offer : offers) {
            if (offer.service().equals(service)) {
                return offer.slots();
            }
        }
        return 0;
    }

    public Listing withDraining(boolean nowDraining) {
        return new Listing(incarnation, name, nonce, offers, addresses, launcher, nowDraining);
    }
}
