package dev.berth.core.cluster;

import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

// Joins wait a moment for each other, so that a cold start of a thousand nodes is one view and not a thousand.
// Each is then admitted (it would own something, or offers nothing), refused for good, or told to ask again.

/** Those who ask to be listed (rules 7 and 16-18 of S2: refuse, park, admit). One thread: the master's. */
final class Joins {
    private static final int FORGOTTEN_BEATS = 5;

    /** One that has asked, the link to answer on, and when it asked first and last. */
    static final class Waiting {
        final ClusterMessage.Join join;
        final long sinceNanos;
        long link;
        long askedNanos;
        /** Its batch has been gathered; from now on it is looked at whenever a view is composed. */
        boolean gathered;
        /** It has asked since it was last answered. */
        boolean wantsAnswer = true;

        Waiting(ClusterMessage.Join join, long link, long nowNanos) {
            this.join = join;
            this.link = link;
            this.sinceNanos = nowNanos;
            this.askedNanos = nowNanos;
        }
    }

    private final Leader leader;
    private final Map<Nonce, Waiting> waiting = new LinkedHashMap<>();
    private NodeId lastId = NodeId.NONE;
    private long dueNanos = Machine.NEVER;

    Joins(Leader leader) {
        this.leader = leader;
        for (Life life : leader.roster().all()) {
            lastId = life.incarnation().node();
        }
    }

    /** Takes a join, to be decided about at {@link #dueNanos}; answers at once what needs no decision. */
    void ask(long nowNanos, long link, ClusterMessage.Join join, Outbox<MasterAction> out) {
        Life life = leader.roster().named(join.name());
        if (life != null && life.listing.nonce().equals(join.nonce())) {
            life.link = link;
            out.add(leader.announcements().admission(nowNanos, life));
            return;
        }
        Waiting known = waiting.get(join.nonce());
        if (known == null) {
            if (waiting.size() >= MasterConfig.JOINS_MAX) {
                waiting.values().removeIf(one -> isForgotten(nowNanos, one));
            }
            if (waiting.size() >= MasterConfig.JOINS_MAX) {
                String busy = "busy: " + MasterConfig.JOINS_MAX + " joins wait";
                out.add(new MasterAction.Send(link, new ClusterMessage.Parked(join.nonce(), busy)));
                return;
            }
            dueNanos = Math.min(dueNanos(), nowNanos + gatherNanos());
            waiting.put(join.nonce(), new Waiting(join, link, nowNanos));
            return;
        }
        known.link = link;
        known.askedNanos = nowNanos;
        if (!known.wantsAnswer) {
            known.wantsAnswer = true;
            dueNanos = Math.min(dueNanos(), nowNanos + gatherNanos());
        }
    }

    /** A cold start waits longer, for more are to be expected. */
    private long gatherNanos() {
        return leader.timings().gatherNanos() * (leader.view().memberCount() == 0 ? 5 : 1);
    }

    private boolean isForgotten(long nowNanos, Waiting one) {
        return nowNanos - one.askedNanos > FORGOTTEN_BEATS * leader.timings().beatNanos();
    }

    /** When the next batch of joins has been gathered. */
    long dueNanos() {
        return waiting.isEmpty() ? Machine.NEVER : dueNanos;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Those who have been told to wait for a vacancy, and still ask for it. */
    List<Standby> standing(long nowNanos) {
        return waiting.values().stream()
                .filter(one -> one.gathered && !isForgotten(nowNanos, one))
                .filter(one -> one.join.offers().stream().anyMatch(Offer::standby))
                .limit(ClusterMessage.Status.STANDING_MAX)
                .map(one -> new Standby(one.join.name(), one.join.offers()))
                .toList();
    }

    /**
     * Decides about each that waits and answers those who are not admitted.
     *
     * @param tentative the next view as it would be with every replaceable member expelled
     * @return the new listings; a predecessor of the same name is to be expelled in the same view
     */
    List<Listing> admit(
            long nowNanos, View tentative, List<Candidate> candidates, ViewRoom room, Outbox<MasterAction> out) {
        List<Listing> admitted = new ArrayList<>();
        Vacancies vacancies = new Vacancies(tentative, candidates);
        Trie<Listing> ids = tentative.members;
        boolean gathered = nowNanos >= dueNanos();
        if (gathered) {
            dueNanos = Machine.NEVER;
        }
        Iterator<Waiting> each = waiting.values().iterator();
        while (each.hasNext()) {
            Waiting one = each.next();
            one.gathered |= gathered;
            if (!one.gathered) {
                continue;
            }
            if (isForgotten(nowNanos, one)) {
                each.remove();
                continue;
            }
            Optional<ClusterMessage.ToMember> no = objection(nowNanos, one, tentative, vacancies, ids);
            if (no.isPresent()) {
                if (one.wantsAnswer) {
                    one.wantsAnswer = false;
                    out.add(new MasterAction.Send(one.link, no.get()));
                    if (no.get() instanceof ClusterMessage.Refused) {
                        each.remove();
                    }
                }
                continue;
            }
            Listing listing = list(one.join, tentative.number(), ids);
            if (listing == null) {
                out.add(new MasterAction.Send(one.link, refuse(one.join, Refusal.CLUSTER_FULL, "no node id is free")));
                each.remove();
                continue;
            }
            String full = room.take(replacing(listing));
            if (full != null) {
                turnAway(nowNanos, one, full, each, out);
                continue;
            }
            ids = ids.with(listing.id().value(), listing);
            vacancies.admit(new Candidate(listing.incarnation(), listing.offers(), 0));
            admitted.add(listing);
        }
        return admitted;
    }

    /** What admitting it changes: a predecessor of its name goes in the same view. */
    private List<Change> replacing(Listing listing) {
        Change listed = new Change.MemberListed(listing);
        Life namesake = leader.roster().named(listing.name());
        return namesake == null || namesake.listing.id().equals(listing.id())
                ? List.of(listed)
                : List.of(new Change.MemberGone(namesake.incarnation(), ""), listed);
    }

    /** The view is full: for good, or until those go who have fallen silent. */
    private void turnAway(long nowNanos, Waiting one, String full, Iterator<Waiting> each, Outbox<MasterAction> out) {
        if (!leader.silence().anySuspected(nowNanos)) {
            out.add(new MasterAction.Send(one.link, refuse(one.join, Refusal.VIEW_FULL, full)));
            each.remove();
        } else if (one.wantsAnswer) {
            one.wantsAnswer = false;
            String wait = "the view is full as long as silent members are listed";
            out.add(new MasterAction.Send(one.link, new ClusterMessage.Parked(one.join.nonce(), wait)));
        }
    }

    /** Why it is not admitted now, in the order in which an operator would ask. */
    private Optional<ClusterMessage.ToMember> objection(
            long nowNanos, Waiting one, View tentative, Vacancies vacancies, Trie<Listing> ids) {
        ClusterMessage.Join join = one.join;
        for (Offer offer : join.offers()) {
            if (tentative.service(offer.service()) == null) {
                return Optional.of(
                        refuse(join, Refusal.UNKNOWN_SERVICE, "the cluster plans no service " + offer.service()));
            }
        }
        Life namesake = leader.roster().named(join.name());
        if (namesake != null && tentative.lists(namesake.incarnation())) {
            return Optional.of(wait(nowNanos, one, namesake, Refusal.NAME_TAKEN));
        }
        if (join.wantedId() != 0) {
            Life other = leader.roster().at(new NodeId(join.wantedId()));
            if (other != null && tentative.lists(other.incarnation())) {
                return Optional.of(wait(nowNanos, one, other, Refusal.ID_TAKEN));
            }
            if (ids.get(join.wantedId()) != null) {
                return Optional.of(refuse(join, Refusal.ID_TAKEN, "n" + join.wantedId() + " has just been given away"));
            }
        }
        if (join.offers().isEmpty() || vacancies.wouldGain(new Candidate(Incarnation.NONE, join.offers(), 0))) {
            return Optional.empty();
        }
        if (join.offers().stream().anyMatch(Offer::standby)) {
            return Optional.of(new ClusterMessage.Parked(join.nonce(), "standing by for a vacancy"));
        }
        if (leader.anySuspectedOwner(nowNanos, join.offers())) {
            return Optional.of(new ClusterMessage.Parked(join.nonce(), "an owner is suspected, its lease still runs"));
        }
        return Optional.of(refuse(join, Refusal.NO_VACANCY, "every slot it offers to own has a healthy owner"));
    }

    /** Name or id is held by another life: wait while that may be a dead one, refuse once it has shown that it lives. */
    private ClusterMessage.ToMember wait(long nowNanos, Waiting one, Life holder, Refusal refusal) {
        boolean lives = holder.heardNanos > one.sinceNanos
                && nowNanos - one.sinceNanos > leader.timings().suspicionNanos();
        return lives && !holder.ended
                ? refuse(one.join, refusal, holder + " lives")
                : new ClusterMessage.Parked(one.join.nonce(), holder + " may still live");
    }

    private static ClusterMessage.Refused refuse(ClusterMessage.Join join, Refusal reason, String detail) {
        return new ClusterMessage.Refused(join.nonce(), reason, detail);
    }

    private @Nullable Listing list(ClusterMessage.Join join, long number, Trie<Listing> ids) {
        NodeId id = new NodeId(join.wantedId());
        if (id.isNone()
                && !join.previous().isNone()
                && ids.get(join.previous().node().value()) == null) {
            id = join.previous().node();
        }
        if (id.isNone()) {
            id = freeId(ids);
            lastId = id.isNone() ? lastId : id;
        }
        if (id.isNone()) {
            return null;
        }
        Incarnation incarnation = new Incarnation(id, number);
        return new Listing(
                incarnation, join.name(), join.nonce(), join.offers(), join.addresses(), join.launcher(), false);
    }

    /** The next id in turn, so that a freed one rests as long as possible. */
    private NodeId freeId(Trie<Listing> ids) {
        for (int step = 1; step <= NodeId.MAX; step++) {
            int candidate = (lastId.value() + step - 1) % NodeId.MAX + 1;
            if (ids.get(candidate) == null) {
                return new NodeId(candidate);
            }
        }
        return NodeId.NONE;
    }

    /** The link of one that has been admitted; it no longer waits. */
    long admitted(Nonce nonce) {
        Waiting one = waiting.remove(nonce);
        return one == null ? Life.NO_LINK : one.link;
    }
}
