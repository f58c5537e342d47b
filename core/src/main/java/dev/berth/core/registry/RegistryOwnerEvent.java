package dev.berth.core.registry;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import java.util.List;

/** What the owner of a registry slot is told. */
public sealed interface RegistryOwnerEvent {
    /**
     * A message was admitted for the slot under the owner's epoch.
     *
     * @param request names the call to answer; 0 if no answer is wanted
     */
    record Received(Incarnation from, long request, RegistryMessage.Request message) implements RegistryOwnerEvent {}

    /** The node acts by this view now. */
    record Installed(View view) implements RegistryOwnerEvent {}

    /**
     * The barrier of this view, one that was installed, has closed. Only now can those hold nothing any more whom it has
     * expelled: until then one of them may act by a lease that it got from the coordinator (rule 25).
     */
    record Closed(View view) implements RegistryOwnerEvent {}

    /**
     * The master has excused these members from the barrier of this view: their leases had surely lapsed, and they get
     * none before they have applied the view. If it is the granting one or a later one, they void then what they held.
     */
    record Excused(long view, List<Incarnation> members) implements RegistryOwnerEvent {
        public Excused {
            members = List.copyOf(members);
        }
    }

    /** The connection with the node has ended; given before anything that came over a later one. */
    record Disconnected(Incarnation peer) implements RegistryOwnerEvent {}
}
