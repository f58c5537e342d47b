package dev.berth.core.registry;

import dev.berth.core.machine.Backoff;

/**
 * The registry's bounds. Any thread.
 *
 * @param ownMax registrations of one node; one more is declined as FULL
 * @param slotMax entries of one registry slot; one more is refused as FULL
 * @param shareMax bytes of a share; a longer one is declined as TOO_LONG
 * @param monitorsMax nodes that are told of changes of one key; further ones get answers that they must not cache
 * @param cacheMax entries that a node keeps of what it looked up; the one not used for longest makes room
 * @param lookupsMax lookups of a node that wait for an answer; one more is answered BUSY
 * @param inFlightMax messages of a node to one registry slot that wait for an answer; more wait their turn
 * @param retry the waiting time before a slot that refused or did not answer is asked again
 */
public record RegistryLimits(
        int ownMax,
        int slotMax,
        int shareMax,
        int monitorsMax,
        int cacheMax,
        int lookupsMax,
        int inFlightMax,
        Backoff retry) {
    private static final long MILLI = 1_000_000L;

    public static final RegistryLimits DEFAULT = new RegistryLimits(
            200_000, 1_000_000, 4_096, 8_192, 100_000, 4_096, 64, new Backoff(20 * MILLI, 1_000 * MILLI));

    public RegistryLimits {
        require(ownMax > 0, "ownMax", ownMax, "must be positive");
        require(slotMax > 0, "slotMax", slotMax, "must be positive");
        require(
                shareMax >= 0 && shareMax <= RegistryEntry.SHARE_MAX,
                "shareMax",
                shareMax,
                "must lie between 0 and " + RegistryEntry.SHARE_MAX);
        require(monitorsMax >= 0, "monitorsMax", monitorsMax, "must not be negative");
        require(cacheMax >= 0, "cacheMax", cacheMax, "must not be negative");
        require(lookupsMax > 0, "lookupsMax", lookupsMax, "must be positive");
        require(inFlightMax > 0, "inFlightMax", inFlightMax, "must be positive");
    }

    private static void require(boolean holds, String knob, long value, String must) {
        if (!holds) {
            throw new IllegalArgumentException("registry limits: " + knob + " " + must + ", got " + value);
        }
    }
}
