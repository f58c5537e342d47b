package dev.berth.core.call;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Code;

/** Why a call surely did not run. */
@PublicApi
public enum RefusedReason {
    /** The slot is or will be elsewhere; the hint is the view to wait for. */
    @Code(1)
    MOVED,
    /** A queue is full; the hint is a number of nanoseconds to wait. */
    @Code(2)
    BUSY,
    /** The registry's owner has not yet heard from everybody (rule 24). */
    @Code(3)
    REBUILDING,
    /** The address has no process. */
    @Code(4)
    NO_SUCH_PROCESS,
    /** The caller's budget was over before it could run. */
    @Code(5)
    TIMED_OUT,
    /** Nobody owns the slot, or there is no such slot or service. */
    @Code(6)
    NO_OWNER,
    /** The connection ended before the call was written. */
    @Code(7)
    CLOSED,
    /** The node is suspended, stopping or expelled. */
    @Code(8)
    STOPPED,
    /** The operation is too old for its result to be known still. */
    @Code(9)
    TOO_OLD,
}
