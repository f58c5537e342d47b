package dev.berth.lab.mutant;

import dev.berth.core.cluster.Certificate;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.Master;
import dev.berth.core.cluster.MasterAction;
import dev.berth.core.cluster.MasterMeasures;
import dev.berth.core.cluster.Timings;
import dev.berth.lab.sim.Machines;

/** Masters that lack one measure each. Any thread. */
final class MasterMutants {
    private MasterMutants() {}

    private static Machines with(Machines machines, MasterMeasures measures) {
        return machines.withMaster(config -> new Master(config, measures));
    }

    /** Without rule 8: whatever view is durable counts as closed. */
    static Machines barrier(Machines machines) {
        MasterMeasures measures = new MasterMeasures() {
            @Override
            protected boolean barrierClosed(long viewNumber, long closed) {
                return true;
            }
        };
        return machines.withMaster(config -> new EditedMaster(config, measures) {
            @Override
            protected MasterAction edit(MasterAction action) {
                return action instanceof MasterAction.Send(long link, ClusterMessage.Answer answer)
                        ? new MasterAction.Send(link, allClosed(answer))
                        : action;
            }
        });
    }

    private static ClusterMessage.Answer allClosed(ClusterMessage.Answer answer) {
        return new ClusterMessage.Answer(
                answer.term(),
                answer.to(),
                answer.seq(),
                answer.leaseNanos(),
                answer.newest(),
                answer.newest(),
                answer.clockNanos());
    }

    /** Without the stretch of rule 4: the master waits L by its own clock. */
    static Machines stretch(Machines machines) {
        return with(machines, new MasterMeasures() {
            @Override
            protected long memberWaitNanos(Timings timings, long leaseNanos) {
                return leaseNanos;
            }
        });
    }

    /** Without the wait of rule 2. */
    static Machines takeOverWait(Machines machines) {
        return with(machines, new MasterMeasures() {
            @Override
            protected long takeOverWaitNanos(Timings timings, long leaseNanos, boolean resigned) {
                return 0;
            }
        });
    }

    /** Without rule 3: elected once, it leads until it learns better. */
    static Machines leaderLease(Machines machines) {
        return with(machines, new MasterMeasures() {
            @Override
            protected boolean mayLead(long nowNanos, long leaderLeaseUntilNanos) {
                return true;
            }
        });
    }

    /** Views are written over whatever is there. */
    static Machines conditionalWrites(Machines machines) {
        return machines.withMaster(config -> new EditedMaster(config, MasterMeasures.ALL) {
            @Override
            protected MasterAction edit(MasterAction action) {
                return action instanceof MasterAction.WriteView write
                        ? new MasterAction.WriteView(
                                write.request(), -1, write.view(), write.unchanged(), write.entry())
                        : action;
            }
        });
    }

    /** A take-over writes the term node only. */
    static Machines termWriteRewritesView(Machines machines) {
        return machines.withMaster(TermOnlyMaster::new);
    }

    /** Without the floor of rule 4. */
    static Machines floor(Machines machines) {
        return with(machines, new MasterMeasures() {
            @Override
            protected boolean reachesFloor(long acked, long floor) {
                return true;
            }
        });
    }

    /** Without the floor of rule 2. */
    static Machines floorAtTakeOver(Machines machines) {
        return with(machines, new MasterMeasures() {
            @Override
            protected long floorAtTakeOver(long viewNumber) {
                return 0;
            }
        });
    }

    /** Without the first half of rule 6. */
    static Machines noLeaseWhileExpelling(Machines machines) {
        return with(machines, new MasterMeasures() {
            @Override
            protected boolean withholdsFromThoseToBeExpelled() {
                return false;
            }
        });
    }

    /** Any life of a node speaks for the listed one. */
    static Machines incarnation(Machines machines) {
        return with(machines, new MasterMeasures() {
            @Override
            protected boolean isOf(Incarnation listed, Incarnation sender) {
                return listed.node().equals(sender.node());
            }
        });
    }

    /** Every beat proves that its sender hears. */
    static Machines echo(Machines machines) {
        return with(machines, new MasterMeasures() {
            @Override
            protected boolean echoIsFresh(long nowNanos, long term, ClusterMessage.Beat beat, long suspicionNanos) {
                return true;
            }
        });
    }

    /** Rule 25: a view that expels does not look at the touch nodes. */
    static Machines touchVersionCheck(Machines machines) {
        return with(machines, new MasterMeasures() {
            @Override
            protected boolean checksTouches() {
                return false;
            }
        });
    }

    /** Rule 25: the barrier does not wait for a touch of the expelled. */
    static Machines touchWait(Machines machines) {
        return with(machines, new MasterMeasures() {
            @Override
            protected long touchWaitNanos(Timings timings, long leaseNanos) {
                return 0;
            }
        });
    }

    /** Decision 0011: who holds no lease by the master's count is excused at once, though it may have touched. */
    static Machines touchExcuse(Machines machines) {
        return with(machines, new MasterMeasures() {
            @Override
            protected long excuseWaitNanos(Timings timings, long leaseNanos) {
                return 0;
            }
        });
    }

    /** Rule 22: anybody can certify. */
    static Machines certificateOrigin(Machines machines) {
        return with(machines, new MasterMeasures() {
            @Override
            protected boolean accepts(Certificate certificate, Listing listing) {
                return listing.incarnation().equals(certificate.incarnation());
            }
        });
    }
}
