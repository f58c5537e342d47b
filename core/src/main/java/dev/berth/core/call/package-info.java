/**
 * Calls between slots: what is in flight, what may be dispatched, and what must wait for a view.
 *
 * <p>A shell wires these machines and compares nothing itself. Per node: one {@link dev.berth.core.call.Peers}. Per socket: one
 * {@link dev.berth.core.call.Link}, fed until it says Established; from then on what is read goes to the
 * {@link dev.berth.core.call.Admission} made for it. Per loop: one {@link dev.berth.core.call.Calls} and one
 * {@link dev.berth.core.call.MarkSet}, which the loop's Calls and Admissions share. A node is connected with itself from the
 * start, by connection number {@link dev.berth.core.call.Peers#LOOPBACK}.
 *
 * <p>Whatever concerns several of them is said in this order: Peers, Links, Admissions, Calls, MarkSet. So a new view first
 * closes the connections of the expelled and drops what is theirs (rule 14), and MARK goes behind all that the slot had to say
 * (rule 19). After each event the next wake of all machines of the loop counts, since they share the MarkSet.
 *
 * <p>What is admitted leaves as a {@link dev.berth.core.call.Dispatch}. Who takes it from a mailbox asks
 * {@link dev.berth.core.call.Judge#judge} once more: RUN is answered with Taken and run, NOT_NOW waits in the mailbox, and
 * anything else goes back to the Admission as Returned.
 */
@NullMarked
package dev.berth.core.call;

import org.jspecify.annotations.NullMarked;
