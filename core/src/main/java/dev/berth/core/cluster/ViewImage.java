package dev.berth.core.cluster;

import dev.berth.core.wire.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A whole view as it stands in the coordinator's durable record and in messages to those who lack its base. Any thread. */
public record ViewImage(
        @Field(1) long number,
        @Field(2) long leaseNanos,
        @Field(3) long formerLeaseNanos,
        @Field(value = 4, max = NodeId.MAX) List<Listing> members,
        @Field(value = 5, max = 256) List<ServiceImage> services,
        @Field(value = 6, max = 100_000) List<GlobalName> names,
        @Field(value = 7, max = 10_000) List<Setting> settings,
        @Field(8) long settingsVersion) {

    /** A service with its units in order; {@code slotOfBucket} is empty for a plain one. */
    public record ServiceImage(
            @Field(1) ServicePlan plan,
            @Field(value = 2, max = ServicePlan.SLOTS_MAX) List<SlotState> units,
            @Field(value = 3, max = ServicePlan.SLOTS_MAX) List<Integer> slotOfBucket,
            @Field(value = 4, max = ServicePlan.SLOTS_MAX) List<Home> homes) {
        public ServiceImage {
            if (units.size() != plan.units()) {
                throw new IllegalArgumentException(
                        "service " + plan.name() + " has " + plan.units() + " units, the image " + units.size());
            }
            if (slotOfBucket.size() != plan.buckets()) {
                throw new IllegalArgumentException("service " + plan.name() + " has " + plan.buckets()
                        + " buckets, the image says of " + slotOfBucket.size() + " where they are");
            }
            slotOfBucket.forEach(slot -> new SlotId(plan.name(), slot));
            units = List.copyOf(units);
            slotOfBucket = List.copyOf(slotOfBucket);
            homes = List.copyOf(homes);
        }
    }

    public record Home(@Field(1) int slot, @Field(2) Incarnation home) {
        public Home {
            if (slot < 1 || slot > ServicePlan.SLOTS_MAX) {
                throw new IllegalArgumentException(
                        "a slot number lies between 1 and " + ServicePlan.SLOTS_MAX + ", got " + slot);
            }
        }
    }

    public record Setting(
            @Field(value = 1, max = ServiceName.MAX) String key,
            @Field(value = 2, max = Settings.VALUE_MAX) String value) {}

    public static ViewImage of(View view) {
        List<Listing> members = new ArrayList<>();
        view.forEachMember(members::add);
        List<ServiceImage> services =
                view.services().values().stream().map(ViewImage::of).toList();
        List<Setting> settings = view.settings().values().entrySet().stream()
                .map(e -> new Setting(e.getKey(), e.getValue()))
                .toList();
        return new ViewImage(
                view.number(),
                view.leaseNanos(),
                view.formerLeaseNanos(),
                members,
                services,
                List.copyOf(view.names().values()),
                settings,
                view.settings().version());
    }

    private static ServiceImage of(Service service) {
        List<SlotState> units = new ArrayList<>();
        service.forEachUnit((i, state) -> units.add(state));
        List<Integer> slotOfBucket = new ArrayList<>();
        List<Home> homes = new ArrayList<>();
        if (service.plan().isBucketed()) {
            service.forEachUnit((i, state) -> slotOfBucket.add(service.slotOf(i + 1)));
            service.forEachHome((slot, home) -> homes.add(new Home(slot, home)));
        }
        return new ServiceImage(service.plan(), units, slotOfBucket, homes);
    }

    /** The view that this is the image of. */
    public View toView() {
        Trie<Listing> listed = Trie.empty();
        for (Listing listing : members) {
            listed = listed.with(listing.id().value(), listing);
        }
        TreeMap<String, Service> planned = new TreeMap<>();
        for (ServiceImage image : services) {
            planned.put(image.plan().name(), toService(image));
        }
        TreeMap<String, GlobalName> named = new TreeMap<>();
        names.forEach(name -> named.put(name.name(), name));
        TreeMap<String, String> values = new TreeMap<>();
        settings.forEach(setting -> values.put(setting.key(), setting.value()));
        return View.of(
                number, leaseNanos, formerLeaseNanos, listed, planned, named, Settings.of(values, settingsVersion));
    }

    private static Service toService(ServiceImage image) {
        Service service = Service.planned(image.plan());
        for (int i = 0; i < image.units().size(); i++) {
            service = service.withUnit(i + 1, image.units().get(i));
        }
        for (int i = 0; i < image.slotOfBucket().size(); i++) {
            service = service.withBucketIn(i + 1, image.slotOfBucket().get(i));
        }
        for (Home home : image.homes()) {
            service = service.withHome(home.slot(), home.home());
        }
        return service;
    }
}
