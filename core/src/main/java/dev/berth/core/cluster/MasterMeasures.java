package dev.berth.core.cluster;

// PROTOCOL.md ends with a table: each measure, and what goes wrong without it. Those that a master takes are here, one
// question each, so that the simulator can answer one of them wrongly and show that the table is right.

/** The decisions on which safety rests, apart from everything else that a master does. Stateless; any thread. */
public class MasterMeasures {
    /** As PROTOCOL.md has them. */
    public static final MasterMeasures ALL = new MasterMeasures();

    protected MasterMeasures() {}

    /** Rule 3: outside its own lease a master answers nobody and closes nothing. */
    protected boolean mayLead(long nowNanos, long leaderLeaseUntilNanos) {
        return nowNanos < leaderLeaseUntilNanos;
    }

    /** Rule 3: the leader's lease is counted from the send of the conditional write that succeeded. */
    protected long renewalStart(long sentNanos, long answeredNanos) {
        return sentNanos;
    }

    /** Rule 2: for how long the predecessor's promises may still run. */
    protected long takeOverWaitNanos(Timings timings, long leaseNanos, boolean resigned) {
        return timings.stretched(leaseNanos + (resigned ? 0 : timings.leaderLeaseNanos()));
    }

    /** Rule 2: who has not acknowledged the view of the take-over gets no lease. */
    protected long floorAtTakeOver(long viewNumber) {
        return viewNumber;
    }

    /** Rule 4: who was excused from a barrier gets no lease before it has acknowledged that view. */
    protected boolean reachesFloor(long acked, long floor) {
        return acked >= floor;
    }

    /** Rule 4: a message of another life of the node says nothing about the listed one. */
    protected boolean isOf(Incarnation listed, Incarnation sender) {
        return listed.equals(sender);
    }

    /** Rule 4: the member hears us, for it repeats what we said a short while ago. */
    protected boolean echoIsFresh(long nowNanos, long term, ClusterMessage.Beat beat, long suspicionNanos) {
        return beat.echoTerm() == term && nowNanos - beat.echoNanos() <= suspicionNanos;
    }

    /** Lm: what the master waits, on its own clock, to outlast a lease on any member's (rule 4). */
    protected long memberWaitNanos(Timings timings, long leaseNanos) {
        return timings.stretched(leaseNanos);
    }

    /** Rule 5: it cannot act any more, by its lease or by a certificate. */
    protected boolean surelyLapsed(long nowNanos, long leasedUntilNanos, boolean ended) {
        return ended || nowNanos > leasedUntilNanos;
    }

    /** Rule 6: who is about to be expelled gets no lease, from the decision until its write has surely failed. */
    protected boolean withholdsFromThoseToBeExpelled() {
        return true;
    }

    /** Rule 8: all who count have acknowledged the view. */
    protected boolean barrierClosed(long viewNumber, long closed) {
        return viewNumber <= closed;
    }

    /** Rule 22: only the launcher named in the join can certify, and only exactly that life. */
    protected boolean accepts(Certificate certificate, Listing listing) {
        return listing.incarnation().equals(certificate.incarnation())
                && listing.name().equals(certificate.name())
                && !listing.launcher().isEmpty()
                && listing.launcher().equals(certificate.launcher());
    }

    /** Rule 25: a view that expels finds the touch nodes as its master has read them, or is not written. */
    protected boolean checksTouches() {
        return true;
    }

    /** Rule 25: for how long after the view that expels it a member may act by a touch from before. */
    protected long touchWaitNanos(Timings timings, long leaseNanos) {
        return timings.stretched(leaseNanos);
    }

    /** Rule 25: for how long after a view one who stays listed may act on the view before, by a touch from before. */
    protected long excuseWaitNanos(Timings timings, long leaseNanos) {
        return timings.stretched(leaseNanos);
    }
}
