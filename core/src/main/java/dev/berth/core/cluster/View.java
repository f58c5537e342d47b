package dev.berth.core.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// A view is the whole truth about the cluster at one number. Only a master makes the next one, by a conditional
// write of the durable record; everybody else applies deltas to the view before, in order, and so arrives at the
// same content. Members and slots are persistent arrays: the next view shares with this one all that did not
// change.

/** Numbered, complete description of members, slot owners, names and settings. Immutable; any thread. */
public final class View {
    final long number;
    final long leaseNanos;
    final long formerLeaseNanos;
    final Trie<Listing> members;
    final TreeMap<String, Service> services;
    final TreeMap<String, GlobalName> names;
    final Settings settings;

    View(ViewDraft draft) {
        this.number = draft.number;
        this.leaseNanos = draft.leaseNanos;
        this.formerLeaseNanos = draft.formerLeaseNanos;
        this.members = draft.members;
        this.services = draft.services;
        this.names = draft.names;
        this.settings = draft.settings;
    }

    /** The view before anybody joined. */
    public static View empty(long leaseNanos) {
        return new View(new ViewDraft(0, leaseNanos));
    }

    static View of(
            long number,
            long leaseNanos,
            long formerLeaseNanos,
            Trie<Listing> members,
            TreeMap<String, Service> services,
            TreeMap<String, GlobalName> names,
            Settings settings) {
        ViewDraft draft = new ViewDraft(number, leaseNanos);
        draft.formerLeaseNanos = formerLeaseNanos;
        draft.members = members;
        draft.services = services;
        draft.names = names;
        draft.settings = settings;
        return new View(draft);
    }

    public long number() {
        return number;
    }

    /** By how many views this one is later than the other; negative if it is the earlier one. */
    public long viewsSince(View other) {
        return number - other.number;
    }

    /** Whether it knows all that the other one does: it is the same, or a later one. */
    public boolean reaches(View other) {
        return viewsSince(other) >= 0;
    }

    /** L: for how long a member may act after it sent a beat that was answered. */
    public long leaseNanos() {
        return leaseNanos;
    }

    /** The longest L that some member may still count with. */
    public long longestLeaseNanos() {
        return Math.max(leaseNanos, formerLeaseNanos);
    }

    long formerLeaseNanos() {
        return formerLeaseNanos;
    }

    public int memberCount() {
        return members.size();
    }

    public @Nullable Listing member(NodeId id) {
        return members.get(id.value());
    }

    /** Whether exactly this life of the node is listed. */
    public boolean lists(Incarnation incarnation) {
        Listing listing = members.get(incarnation.node().value());
        return listing != null && listing.incarnation().equals(incarnation);
    }

    /** How people call it: its name and life, or only its life when it is not listed (any more). */
    public String named(Incarnation incarnation) {
        Listing listing = members.get(incarnation.node().value());
        return listing != null && listing.incarnation().equals(incarnation)
                ? listing.name() + " (" + incarnation + ")"
                : incarnation.toString();
    }

    public void forEachMember(Consumer<? super Listing> visitor) {
        members.forEach((id, listing) -> visitor.accept(listing));
    }

    /** Who was listed in {@code earlier} and is not any more; two full views are compared, so no delta is needed. */
    List<Incarnation> expelledSince(@Nullable View earlier) {
        List<Incarnation> expelled = new ArrayList<>();
        if (earlier != null && earlier.members != members) {
            earlier.forEachMember(listing -> {
                if (!lists(listing.incarnation())) {
                    expelled.add(listing.incarnation());
                }
            });
        }
        return expelled;
    }

    public SortedMap<String, Service> services() {
        return Collections.unmodifiableSortedMap(services);
    }

    public @Nullable Service service(String name) {
        return services.get(name);
    }

    /** The state of a slot, or null where the view has no such slot. */
    public @Nullable SlotState slot(SlotId id) {
        Service service = services.get(id.service());
        return service == null || !service.has(id.number()) ? null : service.unit(id.number());
    }

    /** Every unit of every service, in order: the slots of plain services, the buckets of others. */
    public void forEachUnit(BiConsumer<? super SlotId, ? super SlotState> visitor) {
        services.values()
                .forEach(service ->
                        service.forEachUnit((i, state) -> visitor.accept(new SlotId(service.name(), i + 1), state)));
    }

    public SortedMap<String, GlobalName> names() {
        return Collections.unmodifiableSortedMap(names);
    }

    public Settings settings() {
        return settings;
    }

    /** The next view. The delta must lead to {@code number() + 1}. */
    public View apply(Delta delta) {
        if (delta.number() != number + 1) {
            throw new IllegalArgumentException("a delta to view " + delta.number() + " does not fit view " + number);
        }
        ViewDraft draft = new ViewDraft(this);
        delta.changes().forEach(draft::add);
        return draft.preview();
    }
}
