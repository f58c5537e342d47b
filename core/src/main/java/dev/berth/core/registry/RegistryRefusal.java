package dev.berth.core.registry;

/** Why the registry does not do what a service asked for. */
public enum RegistryRefusal {
    /** This node, or the key's slot, has as many entries as it may. */
    FULL,
    /** The share is longer than the limit. */
    TOO_LONG,
    /** Another process of this node has the key. */
    TAKEN_HERE,
    /** As many lookups wait already as may. */
    BUSY,
    /** The deadline came before an answer: the slot has no owner, is being rebuilt, or this node is suspended. */
    TIMED_OUT,
}
