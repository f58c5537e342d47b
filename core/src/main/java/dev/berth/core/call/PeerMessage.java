package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Prose;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What nodes say to each other over the one connection of a pair. Any thread. */
public sealed interface PeerMessage {
    /** Most bytes of a body: larger things go in pieces or by another way. */
    int BODY_MAX = 1 << 20;
    /** Who wait for each other, one for the next. */
    int CHAIN_MAX = 64;

    /**
     * The first frame of either side (rule 16).
     *
     * @param view the view that the sender has applied
     * @param connection counts the connections of this pair; a higher number replaces a lower one
     * @param minVersion with {@code maxVersion}: the protocol versions that the sender speaks
     * @param hidden an authenticated node that is not listed: no slot, no lease, no barrier
     */
    @Code(32)
    record Hello(
            @Field(1) Incarnation from,
            @Field(2) Incarnation to,
            @Field(3) long view,
            @Field(4) long connection,
            @Field(5) int minVersion,
            @Field(6) int maxVersion,
            @Field(7) boolean hidden)
            implements PeerMessage {}

    /** The last frame before a connection is closed, where there is time for one. */
    @Code(33)
    record Goodbye(
            @Field(1) long view,
            @Field(value = 2, max = 200) String cause) implements PeerMessage {
        public Goodbye {
            cause = Prose.upTo(200, cause);
        }
    }

    /**
     * A request, or a one-way message where {@code session} is 0.
     *
     * @param session negative: the reply carries the positive number (S4.12)
     * @param to the slot and the epoch under which the sender knows its owner; null for a plain process
     * @param from the slot on whose behalf it is sent; null for a node without slots
     * @param address the process addressed, or 0 for the slot's own
     * @param budgetNanos what is left of the caller's deadline
     * @param chain the addresses of the processes that wait for this call, outermost first
     * @param trace a W3C trace context, or empty
     * @param again whether an earlier attempt of this operation may have run
     */
    @Code(34)
    record Call(
            @Field(1) int session,
            @Field(2) @Nullable Grant to,
            @Field(3) @Nullable Grant from,
            @Field(4) long address,
            @Field(5) long budgetNanos,
            @Field(value = 6, max = CHAIN_MAX) List<Long> chain,
            @Field(value = 7, max = 512) Bytes trace,
            @Field(8) @Nullable OperationId operation,
            @Field(10) boolean again,
            @Field(value = 9, max = BODY_MAX) Bytes body)
            implements PeerMessage {
        public Call(
                int session,
                @Nullable Grant to,
                @Nullable Grant from,
                long address,
                long budgetNanos,
                List<Long> chain,
                Bytes trace,
                @Nullable OperationId operation,
                Bytes body) {
            this(session, to, from, address, budgetNanos, chain, trace, operation, false, body);
        }

        public Call {
            // The lowest int has no positive counterpart: 31 bits.
            if (session > 0 || session == Integer.MIN_VALUE) {
                throw new IllegalArgumentException("a request has a negative session or 0, got " + session);
            }
            if (budgetNanos < 0) {
                throw new IllegalArgumentException("a budget is not negative, got " + budgetNanos);
            }
            chain = List.copyOf(chain);
        }
    }

    /**
     * @param session the positive number of the request's
     * @param from the slot that answers, under the epoch that it has; null for a plain process
     */
    @Code(35)
    record Reply(
            @Field(1) int session,
            @Field(2) @Nullable Grant from,
            @Field(3) Result result) implements PeerMessage {
        public Reply {
            if (session <= 0) {
                throw new IllegalArgumentException("a reply has a positive session, got " + session);
            }
        }
    }

    /** How a call ended at the callee. */
    sealed interface Result {
        @Code(1)
        record Value(@Field(value = 1, max = BODY_MAX) Bytes body) implements Result {}

        /** The callee's exception, or its business answer "no". */
        @Code(2)
        record Error(
                @Field(value = 1, max = 120) String kind,
                @Field(value = 2, max = 2_000) String message) implements Result {
            public Error {
                kind = Prose.upTo(120, kind);
                message = Prose.upTo(2_000, message);
            }
        }

        /** It surely did not run. */
        @Code(3)
        record NotRun(
                @Field(1) RefusedReason reason, @Field(2) long hint) implements Result {}
    }

    /** All that this slot has sent on this connection has been sent (rule 19). */
    @Code(36)
    record Mark(@Field(1) Grant grant) implements PeerMessage {}

    /** All of it has been dispatched or dropped. */
    @Code(37)
    record Marked(@Field(1) Grant grant) implements PeerMessage {}
}
