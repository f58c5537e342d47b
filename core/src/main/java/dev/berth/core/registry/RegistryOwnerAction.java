package dev.berth.core.registry;

import dev.berth.core.cluster.Incarnation;

/** What the owner of a registry slot wants done, in its slot's name. */
public sealed interface RegistryOwnerAction {
    /** Reply to the call that {@link RegistryOwnerEvent.Received} named. */
    record Answer(Incarnation to, long request, RegistryMessage.Reply reply) implements RegistryOwnerAction {}

    /** Send one way to the node's front; in order with the answers to that node, and without a budget that could end. */
    record Push(Incarnation to, RegistryMessage.Notice notice) implements RegistryOwnerAction {}

    record Note(String line) implements RegistryOwnerAction {}
}
