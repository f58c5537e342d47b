package dev.berth.lab.mutant;

import dev.berth.core.call.Judge;
import dev.berth.core.call.Table;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotState;
import dev.berth.lab.sim.Machines;
import java.util.function.LongPredicate;

/** Judges that lack one measure each. Any thread. */
final class CallMutants {
    private CallMutants() {}

    /** Rules 14, 16 and 17 by the node's number: whichever life of it. */
    static Machines incarnation(Machines machines) {
        return machines.withCalls(machines.calls().withJudge(mayAct -> new Judge(mayAct) {
            @Override
            protected boolean isMeantForUs(Table table, Incarnation to) {
                return table.self().node().equals(to.node());
            }

            @Override
            protected boolean senderIsCurrent(Table table, Incarnation peer) {
                return table.view().member(peer.node()) != null;
            }
        }));
    }

    /** A draining slot takes calls as if nothing were going on. */
    static Judge admittingWhileDraining(LongPredicate mayAct) {
        return new Judge(mayAct) {
            @Override
            protected Verdict mayDispatch(Table table, Grant to) {
                boolean draining = table.route(to.slot()) instanceof SlotState.Draining state
                        && state.epoch() == to.epoch()
                        && state.owner().equals(table.self());
                return draining ? Verdict.RUN : super.mayDispatch(table, to);
            }
        };
    }
}
