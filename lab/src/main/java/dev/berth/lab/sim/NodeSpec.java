package dev.berth.lab.sim;

import dev.berth.core.cluster.Offer;
import java.util.List;

/**
 * A node as it is started, again and again.
 *
 * @param launched whether a launcher started it, which then certifies its death
 */
public record NodeSpec(String name, List<Offer> offers, boolean launched) {
    public NodeSpec {
        offers = List.copyOf(offers);
    }

    /** A node without slots. */
    public static NodeSpec gate(String name) {
        return new NodeSpec(name, List.of(), false);
    }

    public static NodeSpec worker(String name, String service, int slots) {
        return new NodeSpec(name, List.of(new Offer(service, slots, false)), false);
    }

    public NodeSpec underLauncher() {
        return new NodeSpec(name, offers, true);
    }
}
