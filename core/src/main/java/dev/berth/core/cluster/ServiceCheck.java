package dev.berth.core.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

// What a service is made of may change only where nobody can be surprised: keys map to buckets for good, and slots are
// numbered out of a capacity that stays while an instance runs (S2.26). A service that nobody owns any part of may be
// planned anew.

/** Whether a service can be planned or resized. Stateless; any thread. */
final class ServiceCheck {
    /** As many services as a view can carry. */
    static final int SERVICES_MAX = 256;

    /** As many slots and buckets, together, as a delta has room for if all of them change. */
    static final int UNITS_MAX = 100_000;

    private ServiceCheck() {}

    /** What is wrong with these plans side by side, or null if nothing is. */
    static @Nullable String problem(Collection<ServicePlan> plans) {
        TreeSet<String> names = new TreeSet<>();
        int units = 0;
        for (ServicePlan plan : plans) {
            units += plan.isBucketed() ? plan.capacity() + plan.buckets() : plan.capacity();
            if (!names.add(plan.name())) {
                return "service " + plan.name() + " is planned twice";
            }
        }
        if (names.size() > SERVICES_MAX) {
            return "a cluster has at most " + SERVICES_MAX + " services, this would make " + names.size();
        }
        return units > UNITS_MAX
                ? "a cluster has at most " + UNITS_MAX + " slots and buckets, this would make " + units
                : null;
    }

    static @Nullable String planProblem(View view, ServicePlan plan) {
        Service known = view.service(plan.name());
        if (known != null && known.plan().equals(plan)) {
            return null;
        }
        if (known != null && known.plan().buckets() != plan.buckets()) {
            return "service " + plan.name() + " has " + known.plan().buckets()
                    + " buckets, and that is fixed for good: keys map to them";
        }
        if (known != null && owned(known) > 0) {
            return plan.isBucketed()
                    ? "service " + plan.name() + " exists, with the capacity "
                            + known.plan().capacity() + "; resize it instead"
                    : isFixed(known);
        }
        List<ServicePlan> plans = new ArrayList<>(List.of(plan));
        view.services().values().stream()
                .filter(service -> service != known)
                .forEach(service -> plans.add(service.plan()));
        return problem(plans);
    }

    private static int owned(Service service) {
        int[] owned = {0};
        service.forEachUnit((_, state) -> owned[0] += state.owner().isNone() ? 0 : 1);
        return owned[0];
    }

    private static String isFixed(Service service) {
        return "service " + service.name() + " has the capacity "
                + service.plan().capacity() + ", which is fixed while an instance runs: " + owned(service)
                + " of its slots have an owner";
    }

    static @Nullable String resizeProblem(View view, Proposal.Resize resize) {
        Service service = view.service(resize.service());
        if (service == null) {
            return isUnknown(view, resize.service());
        }
        ServicePlan plan = service.plan();
        if (plan.capacity() == resize.capacity()) {
            return null;
        }
        if (!plan.isBucketed()) {
            return owned(service) > 0
                    ? isFixed(service)
                    : "service " + plan.name() + " has no buckets that could move; plan it anew instead";
        }
        return resize.capacity() < 1 || resize.capacity() > plan.buckets()
                ? "the capacity of service " + plan.name() + " lies between 1 and its " + plan.buckets()
                        + " buckets, got " + resize.capacity()
                : null;
    }

    static @Nullable String slotProblem(View view, SlotId slot) {
        Service service = view.service(slot.service());
        if (service == null) {
            return isUnknown(view, slot.service());
        }
        return service.has(slot.number())
                ? null
                : "there is no " + slot + ": service " + slot.service() + " has 1 to "
                        + service.plan().units();
    }

    private static String isUnknown(View view, String name) {
        String nearest = Spelling.nearest(name, view.services().keySet());
        return "the cluster plans no service " + SettingsCatalog.quoted(name)
                + (nearest == null ? "" : "; did you mean " + nearest + "?");
    }
}
