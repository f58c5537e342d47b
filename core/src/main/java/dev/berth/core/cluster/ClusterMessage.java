package dev.berth.core.cluster;

import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Prose;
import java.util.List;

/** What members and masters say to each other. The cluster's id and the protocol's version are in the frame. Any thread. */
public sealed interface ClusterMessage {
    /** Sent by a member. */
    sealed interface ToMaster extends ClusterMessage {}

    /** Sent by a master. */
    sealed interface ToMember extends ClusterMessage {}

    /**
     * Asks to be listed; repeated until answered.
     *
     * @param wantedId the node id it insists on, or 0
     * @param previous its life before this one, or none
     */
    @Code(1)
    record Join(
            @Field(value = 1, max = ServiceName.MAX) String name,
            @Field(2) Nonce nonce,
            @Field(3) int wantedId,
            @Field(value = 4, max = Listing.OFFERS_MAX) List<Offer> offers,
            @Field(value = 5, max = Listing.ADDRESSES_MAX) List<String> addresses,
            @Field(value = 6, max = ServiceName.MAX) String launcher,
            @Field(7) Incarnation previous)
            implements ToMaster {
        public Join {
            ServiceName.check(name);
            new NodeId(wantedId);
            offers = List.copyOf(offers);
            addresses = List.copyOf(addresses);
        }
    }

    /** The join is durable; the view follows in a message of its own. {@code clockNanos} is the first echo. */
    @Code(2)
    record Admit(
            @Field(1) long term,
            @Field(2) Nonce nonce,
            @Field(3) Incarnation incarnation,
            @Field(4) long clockNanos) implements ToMember {}

    @Code(3)
    record Refused(
            @Field(1) Nonce nonce,
            @Field(2) Refusal reason,
            @Field(value = 3, max = 200) String detail) implements ToMember {
        public Refused {
            detail = Prose.upTo(200, detail);
        }
    }

    /** Not now, perhaps soon: ask again. */
    @Code(4)
    record Parked(
            @Field(1) Nonce nonce,
            @Field(value = 2, max = 200) String cause) implements ToMember {
        public Parked {
            cause = Prose.upTo(200, cause);
        }
    }

    /**
     * Asks for a lease and acknowledges a view.
     *
     * @param applied the view it has applied, which acknowledges that one and all before
     * @param echoTerm with {@code echoNanos}: the term and clock of the latest answer it heard, so that the master sees
     *     whether its answers arrive
     * @param load how busy it is, in thousandths; the planner prefers the lighter of equals
     */
    @Code(5)
    record Beat(
            @Field(1) Incarnation from,
            @Field(2) long seq,
            @Field(3) long applied,
            @Field(4) long echoTerm,
            @Field(5) long echoNanos,
            @Field(6) int load,
            @Field(7) long clockNanos)
            implements ToMaster {}

    /**
     * @param leaseNanos the lease, counted by the member from the moment it sent the beat; 0 = none
     * @param closed the barrier of every view up to this one has closed
     */
    @Code(6)
    record Answer(
            @Field(1) long term,
            @Field(2) Incarnation to,
            @Field(3) long seq,
            @Field(4) long leaseNanos,
            @Field(5) long newest,
            @Field(6) long closed,
            @Field(7) long clockNanos)
            implements ToMember {}

    /** The views after {@code from}, one delta each. */
    @Code(7)
    record ViewDeltas(
            @Field(1) long term,
            @Field(2) long from,
            @Field(value = 3, max = 1_024) List<Delta> deltas) implements ToMember {
        public ViewDeltas {
            deltas = List.copyOf(deltas);
        }
    }

    /** A whole view, for a member whose base is too old for deltas. */
    @Code(8)
    record ViewFull(@Field(1) long term, @Field(2) ViewImage view) implements ToMember {}

    /**
     * The barrier of every view up to {@code view} has closed: whoever is offered a slot in one of them is up. Sent at once to
     * those whom it concerns; the number is repeated with every answer.
     *
     * @param excused listed members that have not acknowledged the view, because they surely may not act; they get no lease
     *     before they have applied it. The list may be cut short or be lost: whoever wants it waits then until they are expelled
     */
    @Code(9)
    record Closed(
            @Field(1) long term,
            @Field(2) Incarnation to,
            @Field(3) long view,
            @Field(value = 4, max = EXCUSED_MAX) List<Incarnation> excused)
            implements ToMember {
        static final int EXCUSED_MAX = 1_024;

        public Closed {
            excused = List.copyOf(excused);
        }
    }

    /** Fenced and loaded. */
    @Code(10)
    record Prepared(
            @Field(1) Incarnation from,
            @Field(2) SlotId slot,
            @Field(3) long epoch) implements ToMaster {}

    /** The source of a drain has finished, flushed and been marked everywhere. */
    @Code(11)
    record Released(
            @Field(1) Incarnation from,
            @Field(2) SlotId slot,
            @Field(3) long epoch) implements ToMaster {}

    /**
     * The owner no longer acts for the slot and never will under this epoch.
     *
     * @param storedEpoch the higher epoch that the store has, or 0 if it is not for the store's sake
     */
    @Code(12)
    record GivenUp(
            @Field(1) Incarnation from,
            @Field(2) SlotId slot,
            @Field(3) long epoch,
            @Field(value = 4, max = 200) String cause,
            @Field(5) long storedEpoch)
            implements ToMaster {
        public GivenUp {
            cause = Prose.upTo(200, cause);
        }
    }

    /** The source of a drain cannot finish in time and wants to go on serving. */
    @Code(13)
    record DrainAbandoned(
            @Field(1) Incarnation from,
            @Field(2) SlotId slot,
            @Field(3) long epoch,
            @Field(value = 4, max = 200) String cause)
            implements ToMaster {
        public DrainAbandoned {
            cause = Prose.upTo(200, cause);
        }
    }

    /** The member has stopped acting for good and goes. */
    @Code(14)
    record Leave(
            @Field(1) Incarnation from,
            @Field(value = 2, max = 120) String cause) implements ToMaster {
        public Leave {
            cause = Prose.upTo(120, cause);
        }
    }

    /** A death certificate. */
    @Code(15)
    record Dead(@Field(1) Certificate certificate) implements ToMaster {}

    /** The incarnation is not listed (any more). */
    @Code(16)
    record Expelled(
            @Field(1) long term,
            @Field(2) Incarnation incarnation,
            @Field(3) long view) implements ToMember {}

    /** This master stands by; {@code leader} is the index of the leading one in the list of masters, or -1. */
    @Code(17)
    record NotLeader(@Field(1) int leader) implements ToMember {}

    /**
     * Asks for a change of the view; repeated with the same id until decided.
     *
     * @param by what an operator says of himself, for the journal: he has shown that he knows the secret, and no more
     */
    @Code(18)
    record Propose(
            @Field(1) Nonce id,
            @Field(2) Incarnation from,
            @Field(3) Proposal proposal,
            @Field(value = 4, max = 100) String by)
            implements ToMaster {
        public Propose {
            by = Prose.upTo(100, by);
        }

        public Propose(Nonce id, Incarnation from, Proposal proposal) {
            this(id, from, proposal, "");
        }
    }

    /** The proposal is durable in view {@code view}, or was refused for a reason. */
    @Code(19)
    record Decided(
            @Field(1) Nonce id,
            @Field(2) boolean accepted,
            @Field(3) long view,
            @Field(value = 4, max = 400) String reason)
            implements ToMember {
        public Decided {
            reason = Prose.upTo(400, reason);
        }
    }

    /** An operator asks how the cluster is; any authenticated end may. */
    @Code(20)
    record AskStatus(@Field(1) Nonce id) implements ToMaster {}

    /**
     * How the cluster is, as its leading master knows.
     *
     * @param closed the barrier of every view up to this one has closed
     * @param standing who waits to be listed; of very many, the first
     */
    @Code(21)
    record Status(
            @Field(1) Nonce id,
            @Field(2) long term,
            @Field(value = 3, max = ServiceName.MAX) String leader,
            @Field(4) ViewImage view,
            @Field(5) long closed,
            @Field(value = 6, max = 65_535) List<MemberStatus> members,
            @Field(value = 7, max = STANDING_MAX) List<Standby> standing)
            implements ToMember {
        public static final int STANDING_MAX = 1_000;

        public Status {
            members = List.copyOf(members);
            standing = List.copyOf(standing);
        }

        /** Whether the barrier of this view has closed. */
        public boolean isClosed(long number) {
            return closed >= number;
        }
    }

    /** An operator asks for a part of the journal; any master answers, also one that stands by. */
    @Code(22)
    record AskJournal(@Field(1) Nonce id, @Field(2) int place) implements ToMaster {}

    /**
     * A part of the journal, in no order.
     *
     * @param next the place to ask for next, or -1
     * @param problem what could not be read of this part; empty if nothing
     */
    @Code(23)
    record JournalPage(
            @Field(1) Nonce id,
            @Field(value = 2, max = 1_024) List<JournalEntry> entries,
            @Field(3) int next,
            @Field(value = 4, max = 200) String problem)
            implements ToMember {
        public JournalPage {
            entries = List.copyOf(entries);
            problem = Prose.upTo(200, problem);
        }
    }
}
