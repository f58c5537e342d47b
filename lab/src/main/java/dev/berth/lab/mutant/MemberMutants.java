package dev.berth.lab.mutant;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.MemberAction;
import dev.berth.core.cluster.MemberConfig;
import dev.berth.core.cluster.MemberEvent;
import dev.berth.core.machine.Outbox;
import dev.berth.lab.sim.Machines;
import dev.berth.lab.sim.node.SharedViews;
import dev.berth.lab.sim.node.SimMember;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Members that lack one measure each. Any thread. */
final class MemberMutants {
    private static final long HOUR_NANOS = 3_600_000_000_000L;

    private MemberMutants() {}

    /** Without rule 12: a lease once granted lasts for good. */
    static Machines lease(Machines machines) {
        return machines.withMember((config, views) -> new SimMember(config, views) {
            @Override
            public void on(long nowNanos, MemberEvent event, Outbox<MemberAction> out) {
                super.on(nowNanos, forGood(event), out);
            }
        });
    }

    private static MemberEvent forGood(MemberEvent event) {
        if (event instanceof MemberEvent.Received(int master, ClusterMessage.Answer answer)
                && answer.leaseNanos() > 0) {
            ClusterMessage.Answer endless = new ClusterMessage.Answer(
                    answer.term(),
                    answer.to(),
                    answer.seq(),
                    HOUR_NANOS,
                    answer.newest(),
                    answer.closed(),
                    answer.clockNanos());
            return new MemberEvent.Received(master, endless);
        }
        return event;
    }

    /** The lease is counted from the answer's receipt. */
    static Machines countFromSend(Machines machines) {
        return machines.withMember((config, views) -> new SimMember(config, views) {
            @Override
            protected long leaseStart(long sentNanos, long receivedNanos) {
                return receivedNanos;
            }
        });
    }

    /** A member that answers some of its own questions at once, and asks nobody. */
    private static class Hasty extends SimMember {
        private final Function<MemberAction, @Nullable MemberEvent> shortcut;
        private final boolean asksAnyway;

        Hasty(
                MemberConfig config,
                SharedViews views,
                boolean asksAnyway,
                Function<MemberAction, @Nullable MemberEvent> shortcut) {
            super(config, views);
            this.asksAnyway = asksAnyway;
            this.shortcut = shortcut;
        }

        @Override
        public void on(long nowNanos, MemberEvent event, Outbox<MemberAction> out) {
            List<MemberEvent> answers = new ArrayList<>();
            super.on(nowNanos, event, action -> {
                MemberEvent answer = shortcut.apply(action);
                if (answer != null) {
                    answers.add(answer);
                }
                if (answer == null || asksAnyway) {
                    out.add(action);
                }
            });
            answers.forEach(answer -> on(nowNanos, answer, out));
        }
    }

    /** Rule 19 without the waiting for handlers that run. */
    static Machines drainWait(Machines machines) {
        return machines.withMember((config, views) -> new Hasty(
                config,
                views,
                true,
                action -> action instanceof MemberAction.Quiesce quiesce
                        ? new MemberEvent.Quiesced(quiesce.grant())
                        : null));
    }

    /** Rule 19 without the refusal of new calls. */
    static Machines drainStop(Machines machines) {
        Machines hasty = machines.withMember((config, views) -> new Hasty(
                config,
                views,
                false,
                action -> action instanceof MemberAction.Quiesce quiesce
                        ? new MemberEvent.Quiesced(quiesce.grant())
                        : null));
        return hasty.withCalls(hasty.calls().withJudge(CallMutants::admittingWhileDraining));
    }

    /** Rule 19 without the flush. */
    static Machines drainFlush(Machines machines) {
        return machines.withMember((config, views) -> new Hasty(
                config,
                views,
                false,
                action -> action instanceof MemberAction.Flush flush ? new MemberEvent.Flushed(flush.grant()) : null));
    }

    /** Rule 19 without MARK. */
    static Machines drainMark(Machines machines) {
        return machines.withMember((config, views) -> new Hasty(
                config,
                views,
                false,
                action -> action instanceof MemberAction.Mark mark ? new MemberEvent.Marked(mark.grant()) : null));
    }

    /** Rules 18 and 20 in another order: load while the fence is still on its way. */
    static Machines fenceBeforeLoad(Machines machines) {
        return machines.withMember((config, views) -> new Hasty(
                config,
                views,
                true,
                action -> action instanceof MemberAction.Fence fence ? new MemberEvent.Fenced(fence.grant()) : null));
    }
}
