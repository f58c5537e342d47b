package dev.berth.core.cluster;

import dev.berth.core.machine.Outbox;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What members are told of views and of closed barriers. One thread: the master's. */
final class Announcements {
    private final Leader leader;
    private final RecentDeltas deltas = new RecentDeltas();
    /** One message for everybody who needs the whole view, so that a shell can encode it once. */
    private ClusterMessage.@Nullable ViewFull whole;

    Announcements(Leader leader) {
        this.leader = leader;
    }

    /** A view is durable: everybody who is listed hears what has changed, who is new all of it. */
    void committed(long nowNanos, Delta delta, Outbox<MasterAction> out) {
        whole = null;
        deltas.add(delta);
        ClusterMessage.ToMember difference =
                new ClusterMessage.ViewDeltas(leader.term(), delta.number() - 1, List.of(delta));
        for (Life life : leader.roster().all()) {
            boolean isNew = life.incarnation().number() == delta.number();
            if (life.link != Life.NO_LINK && !life.ended) {
                life.pushed = delta.number();
                life.pushedNanos = nowNanos;
                if (isNew) {
                    out.add(admission(nowNanos, life));
                }
                out.add(new MasterAction.Send(life.link, isNew ? whole() : difference));
            }
        }
    }

    MasterAction admission(long nowNanos, Life life) {
        return new MasterAction.Send(
                life.link, new ClusterMessage.Admit(leader.term(), life.listing.nonce(), life.incarnation(), nowNanos));
    }

    /** Sends what the member lacks, unless that was sent a moment ago and may still be on its way. */
    void push(long nowNanos, Life life, Outbox<MasterAction> out) {
        long newest = leader.view().number();
        boolean underWay = life.pushed == newest
                && nowNanos - life.pushedNanos < leader.timings().beatNanos() / 2;
        if (life.acked < newest && !underWay) {
            life.pushed = newest;
            life.pushedNanos = nowNanos;
            ClusterMessage.ToMember missing = life.acked == 0 ? null : deltas.since(leader.term(), life.acked);
            out.add(new MasterAction.Send(life.link, missing != null ? missing : whole()));
        }
    }

    /** All of the newest view. */
    ClusterMessage.ViewFull whole() {
        ClusterMessage.ViewFull message = whole;
        if (message == null) {
            message = new ClusterMessage.ViewFull(leader.term(), ViewImage.of(leader.view()));
            whole = message;
        }
        return message;
    }

    /** Rule 8: tells those whom it concerns that barriers have closed. */
    void closed(long closed, Collection<SlotState.Offered> offered, Outbox<MasterAction> out) {
        TreeSet<Incarnation> concerned = new TreeSet<>();
        offered.forEach(offer -> {
            if (offer.epoch() <= closed) {
                concerned.add(offer.owner());
            }
        });
        concerned.addAll(deltas.startedBy(closed));
        List<Incarnation> excused = concerned.isEmpty() ? List.of() : excused(closed);
        for (Incarnation incarnation : concerned) {
            Life life = leader.roster().at(incarnation);
            if (life != null && life.link != Life.NO_LINK) {
                out.add(new MasterAction.Send(
                        life.link, new ClusterMessage.Closed(leader.term(), incarnation, closed, excused)));
            }
        }
    }

    /**
     * Rule 24: whoever had lapsed voids what it held before it acts again. Whoever renews at the coordinator never lapses: it
     * applies the view and goes on, so while touches count nobody who may live is named here.
     */
    private List<Incarnation> excused(long closed) {
        List<Incarnation> excused = new ArrayList<>();
        for (Life life : leader.roster().all()) {
            boolean surelyVoids = life.ended || !leader.touchesCount();
            if (surelyVoids && life.acked < closed && excused.size() < ClusterMessage.Closed.EXCUSED_MAX) {
                excused.add(life.incarnation());
            }
        }
        return excused;
    }
}
