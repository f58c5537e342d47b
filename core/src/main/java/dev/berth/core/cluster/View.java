package dev.berth.core.cluster;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

// A view is the whole truth about the cluster at one number. Only a master makes the next one, by a conditional write of
// the durable record; everybody else applies deltas to the view before, in order, and so arrives at the same content.
// Members and slots are persistent arrays: the next view shares with this one all that did not change.

/** Numbered, complete description of members, slot owners, names and settings. Immutable; any thread. */
public final class View {
    private final long number;
    private final long leaseNanos;
    private final long formerLeaseNanos;
    private final Trie<Listing> members;
    private final TreeMap<String, Service> services;
    private final TreeMap<String, GlobalName> names;
    private final Settings settings;

    private View(Draft draft) {
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
        return new View(new Draft(0, leaseNanos));
    }

    static View of(
            long number,
            long leaseNanos,
            long formerLeaseNanos,
            Trie<Listing> members,
            TreeMap<String, Service> services,
            TreeMap<String, GlobalName> names,
            Settings settings) {
        Draft draft = new Draft(number, leaseNanos);
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

    public void forEachMember(Consumer<? super Listing> visitor) {
        members.forEach((id, listing) -> visitor.accept(listing));
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
        Draft draft = new Draft(this);
        for (Change change : delta.changes()) {
            draft.apply(change);
        }
        return new View(draft);
    }

    /** A copy that is being changed; shared with nobody. */
    private static final class Draft {
        private final long number;
        private long leaseNanos;
        private long formerLeaseNanos;
        private Trie<Listing> members = Trie.empty();
        private TreeMap<String, Service> services = new TreeMap<>();
        private TreeMap<String, GlobalName> names = new TreeMap<>();
        private boolean ownNames = true;
        private Settings settings = Settings.EMPTY;

        Draft(long number, long leaseNanos) {
            this.number = number;
            this.leaseNanos = leaseNanos;
            this.formerLeaseNanos = leaseNanos;
        }

        Draft(View base) {
            this(base.number + 1, base.leaseNanos);
            formerLeaseNanos = base.formerLeaseNanos;
            members = base.members;
            services = new TreeMap<>(base.services);
            names = base.names;
            ownNames = false;
            settings = base.settings;
        }

        void apply(Change change) {
            switch (change) {
                case Change.MemberListed listed -> members =
                        members.with(listed.listing().id().value(), listed.listing());
                case Change.MemberGone gone -> remove(gone.incarnation());
                case Change.SlotChanged slot -> update(
                        slot.slot().service(), s -> s.withUnit(slot.slot().number(), slot.state()));
                case Change.ServicePlanned planned -> services.put(planned.plan().name(), Service.planned(planned.plan()));
                case Change.Resized resized -> update(resized.service(), s -> s.withCapacity(resized.capacity()));
                case Change.BucketReassigned moved -> update(
                        moved.bucket().service(), s -> s.withBucketIn(moved.bucket().number(), moved.slot()));
                case Change.HomeChosen home -> update(
                        home.slot().service(), s -> s.withHome(home.slot().number(), home.home()));
                case Change.NameTaken taken -> ownNames().put(taken.name().name(), taken.name());
                case Change.NameFreed freed -> ownNames().remove(freed.name());
                case Change.SettingChanged set -> settings = settings.with(set.key(), set.value(), number);
                case Change.SettingRemoved removed -> settings = settings.without(removed.key(), number);
                case Change.LeaseChanged lease -> {
                    leaseNanos = lease.leaseNanos();
                    formerLeaseNanos = lease.formerNanos();
                }
            }
        }

        private void remove(Incarnation incarnation) {
            members = members.without(incarnation.node().value());
            if (names.values().stream().anyMatch(n -> n.holder().equals(incarnation))) {
                ownNames().values().removeIf(n -> n.holder().equals(incarnation));
            }
        }

        private TreeMap<String, GlobalName> ownNames() {
            if (!ownNames) {
                names = new TreeMap<>(names);
                ownNames = true;
            }
            return names;
        }

        private void update(String name, UnaryOperator<Service> step) {
            Service service = services.get(name);
            if (service == null) {
                throw new IllegalArgumentException("view " + number + " has no service " + name);
            }
            services.put(name, step.apply(service));
        }
    }
}
