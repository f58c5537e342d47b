package dev.berth.core.cluster;

import dev.berth.core.machine.Outbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

// All that has come up since the last view goes into the next one together, in an order that lets later steps see
// earlier ones: what owners report, what was proposed, who comes, who goes, and then who owns what.

/** Composes the next view. Made for one view; one thread: the master's. */
final class NextView {
    final ViewDraft draft;
    final TreeSet<Incarnation> expelled = new TreeSet<>();
    List<Listing> admitted = List.of();
    List<Wishes.Answer> answers = List.of();

    private final Leader leader;
    private final long nowNanos;
    private final List<String> reasons = new ArrayList<>();

    NextView(Leader leader, long nowNanos) {
        this.leader = leader;
        this.nowNanos = nowNanos;
        this.draft = new ViewDraft(leader.view());
    }

    void compose(MasterConfig config, Reports reports, Wishes wishes, Joins joins, Outbox<MasterAction> out) {
        ViewRoom room = new ViewRoom(leader.view(), config.viewBytesMax());
        plan(config, room, out);
        reports.into(draft);
        answers = wishes.into(draft, room, out);
        endDrainsToTheSilent();
        List<Life> replaceable = leader.silence().replaceable(nowNanos);
        List<Candidate> candidates = candidates();
        admitted = joins.isEmpty() ? List.of() : joins.admit(nowNanos, without(replaceable), candidates, room, out);
        List<Candidate> all = new ArrayList<>(candidates);
        for (Listing listing : admitted) {
            all.add(new Candidate(listing.incarnation(), listing.offers(), 0));
        }
        expel(replaceable, all);
        for (Listing listing : admitted) {
            draft.add(new Change.MemberListed(listing), "asked to join" + offered(listing));
            reasons.add("admit " + listing.name());
        }
        View shown = draft.preview();
        int drainsMax = (int) config.catalog().whole(shown.settings(), SettingsCatalog.DRAIN_SLOTS_MAX);
        draft.addAll(new Planner(shown, all, drainsMax, changedSlots()).changes());
    }

    private void plan(MasterConfig config, ViewRoom room, Outbox<MasterAction> out) {
        for (ServicePlan plan : config.plan()) {
            if (leader.view().service(plan.name()) == null) {
                Change change = new Change.ServicePlanned(plan);
                String full = room.take(List.of(change));
                if (full == null) {
                    draft.add(change, "planned by the configuration of master " + config.name());
                    reasons.add("plan " + plan.name());
                } else {
                    if (leader.unplanned().add(plan.name())) {
                        out.add(new MasterAction.Note("service " + plan.name() + " is not planned: " + full));
                    }
                }
            }
        }
    }

    private Set<SlotId> changedSlots() {
        TreeSet<SlotId> changed = new TreeSet<>();
        for (Change change : draft.changes()) {
            if (change instanceof Change.SlotChanged slot) {
                changed.add(slot.slot());
            }
        }
        return changed;
    }

    /** Who comes and who goes; empty if nobody does. */
    String reason() {
        return String.join(", ", reasons);
    }

    /** Rule 21: a target that has fallen silent will not take over; the source goes on under a new epoch. */
    private void endDrainsToTheSilent() {
        if (leader.silence().isEmpty()) {
            return;
        }
        draft.preview().forEachUnit((slot, state) -> {
            if (state instanceof SlotState.Draining draining
                    && leader.silence().has(draining.target())
                    && !leader.silence().has(draining.owner())) {
                SlotState back = new SlotState.Running(draining.owner(), draft.number);
                draft.add(
                        new Change.SlotChanged(slot, back),
                        "the drain is over: its target " + draining.target() + " is silent");
            }
        });
    }

    /** The next view as it would be if every replaceable member went. */
    private View without(List<Life> replaceable) {
        View now = draft.preview();
        if (replaceable.isEmpty()) {
            return now;
        }
        ViewDraft tentative = new ViewDraft(leader.view());
        draft.changes().forEach(tentative::add);
        replaceable.forEach(life -> tentative.add(new Change.MemberGone(life.incarnation(), "")));
        return tentative.preview();
    }

    private List<Candidate> candidates() {
        List<Candidate> candidates = new ArrayList<>();
        View now = draft.preview();
        for (Life life : leader.roster().all()) {
            Listing listing = now.member(life.incarnation().node());
            if (listing != null && leader.mayOwn(nowNanos, life) && !listing.draining()) {
                life.passedOver = leader.silence().quiet(nowNanos, life);
                candidates.add(new Candidate(life.incarnation(), listing.offers(), life.load, life.passedOver));
            }
        }
        return candidates;
    }

    /** Rules 7 and 11, S2.19: a silent owner goes when somebody else can own one of its slots. */
    private void expel(List<Life> replaceable, List<Candidate> candidates) {
        if (replaceable.isEmpty()) {
            return;
        }
        View now = draft.preview();
        TreeMap<String, Integer> room = room(now, candidates);
        TreeSet<Incarnation> able = new TreeSet<>();
        candidates.forEach(candidate -> able.add(candidate.incarnation()));
        TreeSet<Incarnation> succeeded = new TreeSet<>();
        TreeMap<Incarnation, TreeMap<String, TreeSet<Integer>>> owned = owned(now, replaceable, able, succeeded);
        for (Life life : replaceable) {
            TreeMap<String, TreeSet<Integer>> slots = owned.getOrDefault(life.incarnation(), new TreeMap<>());
            boolean replaced = admitted.stream().anyMatch(listing -> replaces(listing, life));
            boolean needed = succeeded.contains(life.incarnation())
                    || slots.keySet().stream().anyMatch(service -> room.getOrDefault(service, 0) > 0);
            boolean mayGo = leader.silence().brakePermits(nowNanos, life)
                    && (needed || leader.silence().mayGo(nowNanos, life, now.leaseNanos()));
            if (replaced || mayGo) {
                slots.forEach((service, units) -> room.merge(service, -units.size(), Integer::sum));
                String cause = life.ended
                        ? life.endedHow
                        : "silent for " + tenths(nowNanos - life.freshNanos) + " s, surely lapsed";
                expelled.add(life.incarnation());
                draft.add(
                        new Change.MemberGone(life.incarnation(), cause),
                        replaced ? cause + "; one with its name or id joins" : cause);
                reasons.add("expel " + life.listing.name() + " (" + cause + ")");
                leader.silence().expels(nowNanos, life);
            }
        }
    }

    private static String tenths(long nanos) {
        long tenths = nanos / 100_000_000L;
        return tenths / 10 + "." + tenths % 10;
    }

    private static String offered(Listing listing) {
        StringBuilder all = new StringBuilder();
        for (Offer offer : listing.offers()) {
            all.append(all.isEmpty() ? ", offers " : ", ")
                    .append(offer.slots())
                    .append(" of ")
                    .append(offer.service());
        }
        return all.toString();
    }

    private static boolean replaces(Listing newcomer, Life life) {
        return newcomer.name().equals(life.listing.name())
                || newcomer.id().equals(life.incarnation().node());
    }

    /** How many more slots of each service the candidates can own, beyond those that have no owner already. */
    private static TreeMap<String, Integer> room(View now, List<Candidate> candidates) {
        TreeMap<String, Integer> room = new TreeMap<>();
        Vacancies vacancies = new Vacancies(
                now,
                candidates.stream()
                        .filter(candidate -> now.lists(candidate.incarnation()))
                        .toList());
        now.services().values().forEach(service -> {
            TreeSet<Integer> free = new TreeSet<>();
            service.forEachUnit((i, state) -> {
                if (state instanceof SlotState.Free) {
                    free.add(service.slotOf(i + 1));
                }
            });
            int joiners = candidates.stream()
                    .filter(candidate -> !now.lists(candidate.incarnation()))
                    .mapToInt(candidate -> slotsOffered(candidate, service.name()))
                    .sum();
            room.put(service.name(), vacancies.room(service.name()) + joiners - free.size());
        });
        return room;
    }

    private static int slotsOffered(Candidate candidate, String service) {
        return candidate.offers().stream()
                .filter(offer -> offer.service().equals(service))
                .mapToInt(Offer::slots)
                .sum();
    }

    /**
     * The slots of those who may go, service by service. Those that are being drained to somebody who is able to own them need
     * no room: it is kept for them. Whoever has such a slot is added to {@code succeeded}.
     */
    private static TreeMap<Incarnation, TreeMap<String, TreeSet<Integer>>> owned(
            View now, List<Life> lives, TreeSet<Incarnation> able, TreeSet<Incarnation> succeeded) {
        TreeMap<Incarnation, TreeMap<String, TreeSet<Integer>>> owned = new TreeMap<>();
        lives.forEach(life -> owned.put(life.incarnation(), new TreeMap<>()));
        now.services()
                .values()
                .forEach(service -> service.forEachUnit((i, state) -> {
                    TreeMap<String, TreeSet<Integer>> slots = owned.get(state.owner());
                    if (slots == null) {
                        return;
                    }
                    if (state instanceof SlotState.Draining draining && able.contains(draining.target())) {
                        succeeded.add(state.owner());
                    } else {
                        slots.computeIfAbsent(service.name(), name -> new TreeSet<>())
                                .add(service.slotOf(i + 1));
                    }
                }));
        return owned;
    }
}
