package dev.berth.core.registry;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Field;

// Two counters keep old messages from undoing new ones. The stamp is the holder's: each registration of a node has
// its own, so that the farewell of an earlier registration cannot delete a later one. The version is the owner's:
// it grows with each change in the slot, so that a notice and an answer that overtook each other can be put in
// order.

/**
 * Who stands behind a key. Any thread.
 *
 * @param handle the address of the process: 16 bits node, 48 bits process
 * @param share live status or configuration, as the holder last stated it
 * @param stamp the holder's number of this registration
 * @param version the owner's number of the last change, 0 as long as no owner has seen it; comparable under one epoch only
 */
public record RegistryEntry(
        @Field(1) RegistryKey key,
        @Field(2) long handle,
        @Field(3) Incarnation holder,
        @Field(value = 4, max = SHARE_MAX) Bytes share,
        @Field(5) long stamp,
        @Field(6) long version) {
    /** The wire's bound on a share; {@link RegistryLimits#shareMax} can be lower. */
    public static final int SHARE_MAX = 16 * 1_024;

    RegistryEntry withShare(Bytes newShare, long newVersion) {
        return new RegistryEntry(key, handle, holder, newShare, stamp, newVersion);
    }

    RegistryEntry withVersion(long newVersion) {
        return new RegistryEntry(key, handle, holder, share, stamp, newVersion);
    }

    /** About what it takes on the wire. */
    int size() {
        return key.type().length() + key.id().length() + share.length() + 48;
    }
}
