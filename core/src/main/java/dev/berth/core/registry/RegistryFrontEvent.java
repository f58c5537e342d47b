package dev.berth.core.registry;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;

/** What a node's front of the registry is told. */
public sealed interface RegistryFrontEvent {
    /** The node acts by this view now; {@code mayAct} is what its member says at this moment. */
    record Installed(View view, boolean mayAct) implements RegistryFrontEvent {}

    /**
     * The node's lease has lapsed. Given for every lapse before anything of a renewed lease is given, also for one that was
     * noticed only after it was over.
     */
    record Suspended() implements RegistryFrontEvent {}

    record Resumed() implements RegistryFrontEvent {}

    /** A process of this node wants the key; answered by Confirmed, Lost or Declined. */
    record Enroll(RegistryKey key, long handle, Bytes share) implements RegistryFrontEvent {}

    /** The process states a new share. */
    record Restate(RegistryKey key, long handle, Bytes share) implements RegistryFrontEvent {}

    /** The process gives the key up, or has died; answered by Withdrawn. */
    record Withdraw(RegistryKey key, long handle) implements RegistryFrontEvent {}

    /** Somebody on this node asks for an entry; answered by Resolved with the same ticket, at the deadline at the latest. */
    record Find(long ticket, RegistryKey key, long deadlineNanos) implements RegistryFrontEvent {}

    /** Nobody was met under the handle that a lookup gave: it must not be given from the cache again. */
    record Doubt(RegistryKey key, long handle) implements RegistryFrontEvent {}

    /** The reply to {@link RegistryFrontAction.Send}. */
    record Answered(long request, RegistryMessage.Reply reply) implements RegistryFrontEvent {}

    /** The call of {@link RegistryFrontAction.Send} ended without a reply, whether or not it ran. */
    record Failed(long request) implements RegistryFrontEvent {}

    /** The owner of a registry slot tells of a change. */
    record Noticed(Grant from, RegistryMessage.Notice notice) implements RegistryFrontEvent {}

    /** The connection with the node has ended; given before anything that came over a later one. */
    record Disconnected(Incarnation peer) implements RegistryFrontEvent {}
}
