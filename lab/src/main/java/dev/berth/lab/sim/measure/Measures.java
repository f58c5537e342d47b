package dev.berth.lab.sim.measure;

import dev.berth.core.call.Judge;
import dev.berth.core.call.MarkSet;
import dev.berth.core.call.Table;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Master;
import dev.berth.core.cluster.MasterMeasures;
import dev.berth.core.store.Fences;
import dev.berth.lab.sim.check.Invariant;
import dev.berth.lab.sim.node.SimMember;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** All measures that can be taken away. Any thread. */
public final class Measures {
    private static final long FOR_EVER = 1L << 60;

    private Measures() {}

    /** In the order of PROTOCOL.md's table. */
    public static List<Measure> all() {
        return List.of(
                master("barrier", "the barrier before up, rule 8", Invariant.I3, new MasterLacks.Barrier()),
                memberLease(),
                countingFromSend(),
                master("stretch", "the master outwaits any clock, rule 4", Invariant.I1, new MasterLacks.Stretch()),
                storeFence(),
                master("take-over-wait", "a new master waits, rule 2", Invariant.I1, new MasterLacks.TakeOverWait()),
                master("leader-lease", "a master has a lease too, rule 3", Invariant.I1, new MasterLacks.LeaderLease()),
                master(
                        "floor",
                        "the excused acknowledge before a lease, rule 4",
                        Invariant.I3,
                        new MasterLacks.Floor()),
                master("take-over-floor", "so does everybody, rule 2", Invariant.I3, new MasterLacks.TakeOverFloor()),
                master(
                        "pending-guard",
                        "no lease for the doomed, rule 6",
                        Invariant.I1,
                        new MasterLacks.PendingGuard()),
                receiverIncarnation(),
                master("master-incarnation", "one life's beat, rule 4", Invariant.I8, new MasterLacks.Incarnations()),
                master("echo", "the deaf get no lease, rule 4", Invariant.I8, new MasterLacks.Echo()),
                mark(),
                master(
                        "touch-check",
                        "an expelling view checks touches, 25",
                        Invariant.I1,
                        new MasterLacks.TouchCheck()),
                master("touch-wait", "the wait after it, rule 25", Invariant.I1, new MasterLacks.TouchWait()),
                master("certificate", "from its launcher only, rule 22", Invariant.I1, new MasterLacks.Certificates()));
    }

    public static Optional<Measure> named(String name) {
        return all().stream().filter(measure -> measure.name().equals(name)).findFirst();
    }

    private static Measure master(String name, String sentence, Invariant protects, MasterMeasures lacking) {
        return Measure.of(
                name, sentence, protects, machines -> machines.withMaster(config -> new Master(config, lacking)));
    }

    private static Measure memberLease() {
        return Measure.of(
                "member-lease",
                "a member acts inside its lease, rule 12",
                Invariant.I1,
                machines -> machines.withMember((config, views) -> new SimMember(config, views) {
                    @Override
                    protected long leaseStart(long sentNanos, long receivedNanos) {
                        return receivedNanos + FOR_EVER;
                    }
                }));
    }

    private static Measure countingFromSend() {
        return Measure.of(
                "count-from-send",
                "the lease counts from the send, rule 12",
                Invariant.I1,
                machines -> machines.withMember((config, views) -> new SimMember(config, views) {
                    @Override
                    protected long leaseStart(long sentNanos, long receivedNanos) {
                        return receivedNanos;
                    }
                }));
    }

    private static Measure storeFence() {
        return Measure.of(
                "fence",
                "the store judges each write, rule 18",
                Invariant.I2,
                machines -> machines.withFences(() -> new Fences() {
                    @Override
                    protected boolean fences(Grant grant, long stored) {
                        return false;
                    }
                }));
    }

    private static Measure receiverIncarnation() {
        return Measure.of(
                "receiver-incarnation",
                "receivers judge lives, rule 17",
                Invariant.I3,
                machines -> machines.withCalls(machines.calls().withJudge(NodeJudge::new)));
    }

    /** Knows nodes, not their lives. */
    private static final class NodeJudge extends Judge {
        NodeJudge(LongPredicate mayAct) {
            super(mayAct);
        }

        @Override
        protected boolean senderIsCurrent(Table table, Incarnation peer) {
            return table.view().member(peer.node()) != null;
        }

        @Override
        protected Standing slotIsCurrent(Table table, Incarnation sender, @Nullable Grant from) {
            return Standing.CURRENT;
        }
    }

    private static Measure mark() {
        return Measure.of(
                "mark",
                "a drain waits to be heard, rule 19",
                Invariant.I3,
                machines -> machines.withCalls(machines.calls().withMarks(() -> new MarkSet() {
                    @Override
                    protected boolean mustAnswer(Table table, Incarnation peer) {
                        return false;
                    }
                })));
    }
}
