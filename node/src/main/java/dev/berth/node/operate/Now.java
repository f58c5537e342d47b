package dev.berth.node.operate;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.MemberStatus;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the leading master says is true, or that nobody leads. One thread. */
record Now(ClusterMessage.@Nullable Status status, @Nullable View view, String problem) {
    private static final long MILLI = 1_000_000L;

    static Now of(Operator operator, Duration patience) throws InterruptedException {
        try {
            ClusterMessage.Status status = operator.status(patience);
            return new Now(status, status.view().toView(), "");
        } catch (NoAnswerException nobody) {
            return new Now(null, null, "nobody leads, so nobody can say: " + nobody.getMessage());
        }
    }

    /** What to say of somebody of whom nothing is true. */
    String ignorance(String who) {
        return view == null ? problem : "view " + view.number() + " has no " + who;
    }

    Optional<String> of(SlotId slot, Map<Incarnation, String> names) {
        SlotState state = view == null ? null : view.slot(slot);
        if (view == null || state == null) {
            return Optional.empty();
        }
        String words = slot + " is " + Story.inWords(names, state)
                + (state.epoch() > 0 ? " epoch=" + state.epoch() : "") + " in view " + view.number();
        return Optional.of(state.owner().isNone() ? words : words + "; " + of(view, state.owner(), names));
    }

    /** The latest of these lives that is listed. */
    Optional<String> of(TreeSet<Incarnation> lives, Map<Incarnation, String> names) {
        for (Incarnation life : lives.descendingSet()) {
            if (view != null && view.lists(life)) {
                return Optional.of(of(view, life, names) + ", in view " + view.number());
            }
        }
        return Optional.empty();
    }

    private String of(View current, Incarnation life, Map<Incarnation, String> names) {
        String who = Story.named(names, life);
        for (MemberStatus member : status == null ? List.<MemberStatus>of() : status.members()) {
            if (member.incarnation().equals(life)) {
                return who + " is " + StatusCommand.state(current.member(life.node()), member) + ", heard "
                        + member.silentNanos() / MILLI + " ms ago, lease for " + member.leaseNanos() / MILLI + " ms";
            }
        }
        return who;
    }
}
