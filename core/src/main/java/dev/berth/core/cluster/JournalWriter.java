package dev.berth.core.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// Some changes come with their cause: what an owner reported, who asked, why somebody was expelled. What the planner
// does follows from those, so its causes are found by looking at what the slot was before.

/** Tells what a view that is being made changes, and why. Made for one view; one thread: the master's. */
final class JournalWriter {
    private final View base;
    private final View next;
    private final ViewDraft draft;
    private final TreeMap<Incarnation, String> went = new TreeMap<>();
    private final TreeMap<SlotId, SlotState> states = new TreeMap<>();
    /** What a rollback needs comes first, so that it is cut off last. */
    private final List<JournalLine> settings = new ArrayList<>();

    private final List<JournalLine> others = new ArrayList<>();
    private final List<JournalLine> slots = new ArrayList<>();
    private int beyond;

    JournalWriter(View base, View next, ViewDraft draft) {
        this.base = base;
        this.next = next;
        this.draft = draft;
    }

    /** Without the time, which whoever writes it adds. */
    JournalEntry entry(long term, String master, String reason) {
        List<Change> changes = draft.changes();
        for (int i = 0; i < changes.size(); i++) {
            if (changes.get(i) instanceof Change.MemberGone gone) {
                went.put(gone.incarnation(), draft.cause(i));
            }
        }
        for (int i = 0; i < changes.size(); i++) {
            add(changes.get(i), draft.cause(i));
        }
        List<JournalLine> all = new ArrayList<>(settings);
        all.addAll(others);
        all.addAll(slots);
        int kept = Math.min(all.size(), JournalEntry.LINES_MAX);
        String why = reason.isEmpty() ? causes() : reason;
        return new JournalEntry(next.number(), term, master, 0, why, all.subList(0, kept), all.size() - kept + beyond);
    }

    /** What to call a view that nobody asked for: what its first slots say, each cause once. */
    private String causes() {
        StringBuilder all = new StringBuilder();
        String last = "";
        for (JournalLine line : slots) {
            if (line instanceof JournalLine.SlotMoved moved && !moved.cause().equals(last) && all.length() <= 200) {
                last = moved.cause();
                all.append(all.isEmpty() ? "" : ", ")
                        .append(moved.slot())
                        .append(' ')
                        .append(last);
            }
        }
        return all.isEmpty() ? "slots move on" : all.toString();
    }

    private void add(Change change, String cause) {
        switch (change) {
            case Change.MemberListed(Listing listing) -> {
                boolean known = base.lists(listing.incarnation());
                others.add(
                        known
                                ? new JournalLine.Drained(
                                        listing.incarnation(), listing.name(), listing.draining(), cause)
                                : new JournalLine.Came(listing.incarnation(), listing.name(), cause));
            }
            case Change.MemberGone gone ->
                others.add(new JournalLine.Went(gone.incarnation(), nameOf(gone.incarnation()), cause));
            case Change.SlotChanged(SlotId slot, SlotState after) -> {
                if (slots.size() < JournalEntry.LINES_MAX) {
                    SlotState before = before(slot);
                    String why = cause.isEmpty() ? planned(before, after) : cause;
                    slots.add(new JournalLine.SlotMoved(slot, before, after, why));
                    states.put(slot, after);
                } else {
                    beyond++;
                }
            }
            case Change.SettingChanged(String key, String value) -> setting(key, value, cause);
            case Change.SettingRemoved(String key) -> setting(key, null, cause);
            case Change.ServicePlanned(ServicePlan plan) -> other("service " + plan, cause);
            case Change.Resized(String service, int capacity) ->
                other("service " + service + " has capacity " + capacity, cause);
            case Change.BucketReassigned(SlotId bucket, int slot) ->
                other("bucket " + bucket + " belongs to slot " + slot, cause);
            case Change.HomeChosen(SlotId slot, Incarnation home) ->
                other("slot " + slot + " has its home at " + named(home), cause);
            case Change.NameTaken(GlobalName name) ->
                other("name " + name.name() + " is held by " + named(name.holder()), cause);
            case Change.NameFreed(String name) -> other("name " + name + " is free", cause);
            case Change.LeaseChanged(long lease, long former) ->
                other("the lease is " + SettingSpan.of(lease) + ", was " + SettingSpan.of(former), cause);
        }
    }

    private void other(String what, String cause) {
        others.add(new JournalLine.Other(what, cause));
    }

    private void setting(String key, @Nullable String value, String cause) {
        String former = base.settings().values().get(key);
        settings.add(new JournalLine.SettingMoved(
                key, former != null, former == null ? "" : former, value != null, value == null ? "" : value, cause));
    }

    private SlotState before(SlotId slot) {
        SlotState known = states.get(slot);
        if (known == null) {
            known = base.slot(slot);
        }
        return known == null ? SlotState.Free.CLEAN : known;
    }

    private String planned(SlotState before, SlotState after) {
        return switch (after) {
            case SlotState.Offered offered -> lost(before) + "; offered to " + named(offered.owner());
            case SlotState.Free _ -> lost(before) + "; nobody can own it now";
            case SlotState.Parked parked -> parked.cause();
            case SlotState.Draining draining -> {
                Listing owner = next.member(draining.owner().node());
                yield owner != null && owner.draining()
                        ? named(draining.owner()) + " is to be empty"
                        : "to even out how much each node owns";
            }
            case SlotState.Running running ->
                before instanceof SlotState.Draining draining
                        ? "the drain is over: "
                                + gone(draining.target()).orElse(named(draining.target()) + " cannot take it")
                        : named(running.owner()) + " goes on";
        };
    }

    /** Why a slot has no owner. */
    private String lost(SlotState before) {
        return switch (before) {
            case SlotState.Free free ->
                free.failures() == 0 ? "nobody owned it" : free.failures() + " owners in a row have given it up";
            case SlotState.Parked _ -> "it was parked";
            case SlotState.Offered _, SlotState.Running _, SlotState.Draining _ ->
                gone(before.owner()).orElse(named(before.owner()) + " has lost it");
        };
    }

    private Optional<String> gone(Incarnation life) {
        String how = went.get(life);
        return how == null ? Optional.empty() : Optional.of(named(life) + " " + how);
    }

    private String named(Incarnation life) {
        return (next.lists(life) ? next : base).named(life);
    }

    private String nameOf(Incarnation life) {
        Listing listing = base.member(life.node());
        return listing == null ? "" : listing.name();
    }
}
