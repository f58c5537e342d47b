package dev.berth.lab.sim.measure;

import dev.berth.core.cluster.Certificate;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.MasterMeasures;
import dev.berth.core.cluster.Timings;

/** Masters that lack one measure each: the one wrong answer is all there is to a class. Stateless; any thread. */
final class MasterLacks {
    private MasterLacks() {}

    static final class Barrier extends MasterMeasures {
        @Override
        protected boolean barrierClosed(long viewNumber, long closed) {
            return true;
        }
    }

    static final class Stretch extends MasterMeasures {
        @Override
        protected long memberWaitNanos(Timings timings, long leaseNanos) {
            return leaseNanos;
        }
    }

    static final class TakeOverWait extends MasterMeasures {
        @Override
        protected long takeOverWaitNanos(Timings timings, long leaseNanos, boolean resigned) {
            return 0;
        }
    }

    static final class LeaderLease extends MasterMeasures {
        @Override
        protected boolean mayLead(long nowNanos, long leaderLeaseUntilNanos) {
            return true;
        }
    }

    static final class Floor extends MasterMeasures {
        @Override
        protected boolean reachesFloor(long acked, long floor) {
            return true;
        }
    }

    static final class TakeOverFloor extends MasterMeasures {
        @Override
        protected long floorAtTakeOver(long viewNumber) {
            return 0;
        }
    }

    static final class PendingGuard extends MasterMeasures {
        @Override
        protected boolean withholdsFromThoseToBeExpelled() {
            return false;
        }
    }

    static final class Incarnations extends MasterMeasures {
        @Override
        protected boolean isOf(Incarnation listed, Incarnation sender) {
            return listed.node().equals(sender.node());
        }
    }

    static final class Echo extends MasterMeasures {
        @Override
        protected boolean echoIsFresh(long nowNanos, long term, ClusterMessage.Beat beat, long suspicionNanos) {
            return true;
        }
    }

    static final class TouchCheck extends MasterMeasures {
        @Override
        protected boolean checksTouches() {
            return false;
        }
    }

    static final class TouchWait extends MasterMeasures {
        @Override
        protected long touchWaitNanos(Timings timings, long leaseNanos) {
            return 0;
        }
    }

    static final class Certificates extends MasterMeasures {
        @Override
        protected boolean accepts(Certificate certificate, Listing listing) {
            return listing.name().equals(certificate.name());
        }
    }
}
