package dev.berth.core.cluster;

import dev.berth.core.PublicApi;
import java.util.List;

/**
 * Who a node is and what it offers. Any thread.
 *
 * @param nonce 128 random bits, new for every process
 * @param wantedId the node id it insists on, or 0 for any
 * @param launcher the launcher that may certify its death, or ""
 * @param previous its life before this one, or {@link Incarnation#NONE}
 * @param masters how many masters are listed; they are addressed by 0..masters-1
 */
@PublicApi
public record MemberConfig(
        String name,
        Nonce nonce,
        int wantedId,
        List<Offer> offers,
        List<String> addresses,
        String launcher,
        Incarnation previous,
        int masters,
        Timings timings) {
    public MemberConfig {
        ServiceName.check(name);
        new NodeId(wantedId);
        offers = List.copyOf(offers);
        addresses = List.copyOf(addresses);
        if (masters < 1) {
            throw new IllegalArgumentException("member " + name + ": at least one master must be listed");
        }
    }
}
