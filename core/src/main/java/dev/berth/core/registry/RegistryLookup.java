package dev.berth.core.registry;

/** How a lookup ended. Any thread. */
public sealed interface RegistryLookup {
    record Found(RegistryEntry entry) implements RegistryLookup {}

    /** Nobody had the key at some moment between question and answer. */
    record Absent() implements RegistryLookup {}

    /** It is not known. */
    record Unknown(RegistryRefusal reason) implements RegistryLookup {}
}
