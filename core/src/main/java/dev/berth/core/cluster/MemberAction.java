package dev.berth.core.cluster;

import java.util.List;

/** What a member wants done. */
public sealed interface MemberAction {
    record Send(int master, ClusterMessage.ToMaster message) implements MemberAction {}

    /**
     * Act by this view, in one step (rule 14): close connections with the expelled, drop what of theirs is undispatched,
     * publish the table; then answer {@link MemberEvent.Installed}, upon which the view is acknowledged.
     */
    record Install(View view, List<Incarnation> expelled) implements MemberAction {}

    /** {@link Member#mayAct} has become false: dispatch nothing, send nothing; keep sockets. */
    record Suspend(String cause) implements MemberAction {}

    /** It is true again: go on where it stood; calls whose budget is over are dropped, due timers fire once. */
    record Resume() implements MemberAction {}

    /** Fence the store with the grant; answer Fenced or FenceRefused. */
    record Fence(Grant grant) implements MemberAction {}

    /** {@code up} returns: this slot of {@code capacity} is ours to load; answer Loaded or LoadFailed. */
    record Load(Grant grant, int capacity) implements MemberAction {}

    /** Read ahead for a slot that is to come here, without a fence; nothing is answered. */
    record Preload(Grant grant) implements MemberAction {}

    /** Admit messages for the slot from now on. */
    record Serve(Grant grant) implements MemberAction {}

    /** {@code run} returns: all who act have applied the view in which the slot runs. */
    record RunDone(Grant grant) implements MemberAction {}

    /** The slot is not ours any more under this epoch: drop what is in memory. */
    record Drop(Grant grant, String cause) implements MemberAction {}

    /** Refuse new calls of the slot (MOVED), let running handlers finish, then answer Quiesced. */
    record Quiesce(Grant grant) implements MemberAction {}

    /** Make durable what the slot has changed, then answer Flushed. */
    record Flush(Grant grant) implements MemberAction {}

    /** Send MARK on each connection on which the slot has sent, then answer Marked. */
    record Mark(Grant grant) implements MemberAction {}

    /**
     * The barrier of an installed view has closed: whoever it does not list, but an earlier view did, has surely stopped acting.
     * Views may be left out; the latest tells the most.
     */
    record Closed(View view) implements MemberAction {}

    /**
     * These listed members do not act, and will not before they have applied this view (rule 24). Nobody promises that this is
     * ever said.
     */
    record Excused(long view, List<Incarnation> members) implements MemberAction {
        public Excused {
            members = List.copyOf(members);
        }
    }

    /** Read the view node; if it says {@code view} and lists us, set our touch node on condition of its version. */
    record Touch(long request, Incarnation self, long view) implements MemberAction {
        /** Whether the view node as it was found lets this life renew: then only the transaction is left to be done. */
        public boolean agreesWith(View found) {
            return found.number() == view && found.lists(self);
        }
    }

    /** The answer to {@link MemberEvent.Ask}. */
    record Answered(Nonce id, boolean accepted, long view, String reason) implements MemberAction {}

    /** Over: close everything. A process that wants to come back starts a new member with a new nonce. */
    record Exit(String cause) implements MemberAction {}

    record Note(String line) implements MemberAction {}
}
