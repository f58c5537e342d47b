package dev.berth.core.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

// The next view in the making: it remembers the changes, and shows at any time what the view would be with those so
// far.

/** A view that is being changed; shared with nobody until {@link #preview}. One thread. */
final class ViewDraft {
    final long number;
    long leaseNanos;
    long formerLeaseNanos;
    Trie<Listing> members = Trie.empty();
    TreeMap<String, Service> services = new TreeMap<>();
    TreeMap<String, GlobalName> names = new TreeMap<>();
    Settings settings = Settings.EMPTY;
    private final List<Change> changes = new ArrayList<>();
    private final List<String> causes = new ArrayList<>();

    ViewDraft(long number, long leaseNanos) {
        this.number = number;
        this.leaseNanos = leaseNanos;
        this.formerLeaseNanos = leaseNanos;
    }

    /** The successor of {@code base}. */
    ViewDraft(View base) {
        this(base.number + 1, base.leaseNanos);
        formerLeaseNanos = base.formerLeaseNanos;
        members = base.members;
        services = base.services;
        names = base.names;
        settings = base.settings;
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    List<Change> changes() {
        return changes;
    }

    /** Why the change at this place was made; empty if nobody has said so. */
    String cause(int index) {
        return index < causes.size() ? causes.get(index) : "";
    }

    /** What the view would be now. */
    View preview() {
        return new View(this);
    }

    Delta toDelta(String reason) {
        return new Delta(number, reason, changes);
    }

    void addAll(List<Change> more) {
        more.forEach(this::add);
    }

    /** Adds a change and says why, for the journal. */
    void add(Change change, String cause) {
        while (causes.size() < changes.size()) {
            causes.add("");
        }
        causes.add(cause);
        add(change);
    }

    void add(Change change) {
        changes.add(change);
        switch (change) {
            case Change.MemberListed listed ->
                members = members.with(listed.listing().id().value(), listed.listing());
            case Change.MemberGone gone -> remove(gone.incarnation());
            case Change.SlotChanged slot ->
                update(slot.slot().service(), s -> s.withUnit(slot.slot().number(), slot.state()));
            case Change.ServicePlanned planned -> put(Service.planned(planned.plan()));
            case Change.Resized resized -> update(resized.service(), s -> s.withCapacity(resized.capacity()));
            case Change.BucketReassigned moved ->
                update(
                        moved.bucket().service(),
                        s -> s.withBucketIn(moved.bucket().number(), moved.slot()));
            case Change.HomeChosen home ->
                update(home.slot().service(), s -> s.withHome(home.slot().number(), home.home()));
            case Change.NameTaken taken -> {
                names = new TreeMap<>(names);
                names.put(taken.name().name(), taken.name());
            }
            case Change.NameFreed freed -> {
                names = new TreeMap<>(names);
                names.remove(freed.name());
            }
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
            names = new TreeMap<>(names);
            names.values().removeIf(n -> n.holder().equals(incarnation));
        }
    }

    private void update(String name, UnaryOperator<Service> step) {
        Service service = services.get(name);
        if (service == null) {
            throw new IllegalArgumentException("view " + number + " has no service " + name);
        }
        put(step.apply(service));
    }

    private void put(Service service) {
        // A draft shares its maps with previews, so a change copies; services are few.
        services = new TreeMap<>(services);
        services.put(service.name(), service);
    }
}
