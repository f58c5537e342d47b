package dev.berth.core.cluster;

import org.jspecify.annotations.Nullable;

/** What a member is told. */
public sealed interface MemberEvent {
    /** A message came from the master with this index in the list of masters. */
    record Received(int master, ClusterMessage.ToMember message) implements MemberEvent {}

    /** Every loop of the node acts by the view of {@link MemberAction.Install} now. */
    record Installed(long view) implements MemberEvent {}

    /** The store has taken the fence. */
    record Fenced(Grant grant) implements MemberEvent {}

    /** The store has a higher fence than the grant's. */
    record FenceRefused(Grant grant, long storedEpoch) implements MemberEvent {}

    record Loaded(Grant grant) implements MemberEvent {}

    /** The application or the store could not load the slot. */
    record LoadFailed(Grant grant, String cause) implements MemberEvent {}

    /** The last running handler of the slot has ended. */
    record Quiesced(Grant grant) implements MemberEvent {}

    /** All that the slot has changed is durable. */
    record Flushed(Grant grant) implements MemberEvent {}

    /** Every connection on which the slot had sent has answered MARK, or ended by expulsion. */
    record Marked(Grant grant) implements MemberEvent {}

    /** The answer to {@link MemberAction.Touch}: done if {@code newer} is null, else the view to catch up with first. */
    record Touched(long request, @Nullable View newer) implements MemberEvent {}

    record TouchFailed(long request) implements MemberEvent {}

    /**
     * Readings of clocks that run on while this node does not: the wall clock, and the kernel's uptime including suspension.
     * Wanted about once a beat, and after every long gap.
     */
    record Clocks(long wallNanos, long uptimeNanos) implements MemberEvent {}

    /** How busy the node is, in thousandths; goes out with the next beat. */
    record Load(int thousandths) implements MemberEvent {}

    /** An operator or the application asks for a change of the view. */
    record Ask(Nonce id, Proposal proposal) implements MemberEvent {}

    /** Stop for good: nothing of this node acts any more when this event is given. */
    record Stop(String cause) implements MemberEvent {}
}
