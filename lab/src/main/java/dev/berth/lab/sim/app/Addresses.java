package dev.berth.lab.sim.app;

import dev.berth.core.cluster.Listing;

/** Addresses of simulated processes: the name of the machine, a colon, the number of the process. */
final class Addresses {
    private Addresses() {}

    /** The process that a listing leads to. */
    static int process(Listing listing) {
        String address = listing.addresses().getFirst();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}
