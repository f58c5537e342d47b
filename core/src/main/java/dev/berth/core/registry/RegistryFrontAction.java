package dev.berth.core.registry;

import dev.berth.core.cluster.Grant;

/** What a node's front of the registry wants done. */
public sealed interface RegistryFrontAction {
    /**
     * Call the slot under this epoch, in order with earlier calls to it; with {@code request} 0 one way. Each request ends in
     * one Answered or Failed, within the node's own limit for calls.
     */
    record Send(long request, Grant to, RegistryMessage.Request message) implements RegistryFrontAction {}

    /** The process may act as the holder of the key, whenever the node may act. */
    record Confirmed(RegistryKey key, long handle) implements RegistryFrontAction {}

    /** It may not until Confirmed comes again: the registration is void and is being repeated (rule 24). */
    record Voided(RegistryKey key, long handle) implements RegistryFrontAction {}

    /** Somebody else has the key; the registration is over. */
    record Lost(RegistryKey key, long handle, RegistryEntry by) implements RegistryFrontAction {}

    record Declined(RegistryKey key, long handle, RegistryRefusal reason) implements RegistryFrontAction {}

    /** The registration is gone everywhere. */
    record Withdrawn(RegistryKey key, long handle) implements RegistryFrontAction {}

    record Resolved(long ticket, RegistryLookup lookup) implements RegistryFrontAction {}

    /** Until it is retracted or published again, lookups on this node can be answered with this entry at once. */
    record Publish(RegistryEntry entry) implements RegistryFrontAction {}

    record Retract(RegistryKey key) implements RegistryFrontAction {}
}
