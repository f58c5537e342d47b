package dev.berth.node.launch;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.MemberStatus;
import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a roll wants to know of the cluster, read from what the leading master says. Any thread. */
record Waters(ClusterMessage.Status status, View view) {
    static Waters of(ClusterMessage.Status status) {
        return new Waters(status, status.view().toView());
    }

    Optional<Listing> member(String name) {
        var found = new ArrayList<Listing>();
        view.forEachMember(listing -> {
            if (listing.name().equals(name)) {
                found.add(listing);
            }
        });
        return found.stream().findFirst();
    }

    /** Names of members that are silent. */
    List<String> suspected() {
        var names = new ArrayList<String>();
        view.forEachMember(listing -> {
            if (known(listing).map(MemberStatus::suspected).orElse(false)) {
                names.add(listing.name());
            }
        });
        return names;
    }

    private Optional<MemberStatus> known(Listing listing) {
        return status.members().stream()
                .filter(member -> member.incarnation().equals(listing.incarnation()))
                .findFirst();
    }

    /** How many slots or buckets of all services are its own, or on their way to it. */
    int held(Incarnation life) {
        int[] count = {0};
        view.forEachUnit((_, state) -> count[0] += concerns(state, life) ? 1 : 0);
        return count[0];
    }

    private static boolean concerns(SlotState state, Incarnation life) {
        return state.owner().equals(life)
                || (state instanceof SlotState.Draining draining
                        && draining.target().equals(life));
    }

    /** A slot that is on its way, of the services that somebody offers; for people. */
    Optional<String> moving(List<Offer> offers) {
        var found = new ArrayList<String>();
        for (var offer : offers) {
            var service = view.service(offer.service());
            if (service != null) {
                service.forEachUnit((i, state) -> {
                    if (state instanceof SlotState.Draining || state instanceof SlotState.Offered) {
                        found.add(service.name() + "/" + (i + 1) + " " + state);
                    }
                });
            }
        }
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(found.getFirst() + (found.size() == 1 ? "" : " and " + (found.size() - 1) + " more"));
    }

    /** Whether whoever offers only to stand by has no vacancy to wait for. */
    boolean standsBy(List<Offer> offers) {
        return !offers.isEmpty()
                && offers.stream().allMatch(offer -> offer.standby() && isOwned(view.service(offer.service())));
    }

    private static boolean isOwned(@Nullable Service service) {
        var open = new ArrayList<SlotState>();
        if (service != null) {
            service.forEachUnit((_, state) -> {
                if (!(state instanceof SlotState.Running)) {
                    open.add(state);
                }
            });
        }
        return open.isEmpty();
    }

    /**
     * Why the slots of a member cannot all go to others, or nothing if they can.
     *
     * @param standing what those offer who stand by and are not listed: the master lists them when there is a vacancy
     */
    Optional<String> stranded(Listing leaving, List<Offer> standing) {
        for (var service : view.services().values()) {
            int owned = slots(service, leaving.incarnation());
            int[] room = {0};
            view.forEachMember(other -> {
                if (!other.incarnation().equals(leaving.incarnation()) && mayTake(other)) {
                    int free = other.slotsOffered(service.name()) - slots(service, other.incarnation());
                    room[0] += Math.max(0, free);
                }
            });
            for (var offer : standing) {
                room[0] += offer.service().equals(service.name()) ? offer.slots() : 0;
            }
            if (room[0] < owned) {
                return Optional.of("it owns " + owned + " of the slots of " + service.name()
                        + ", and all other nodes together have room for " + room[0]);
            }
        }
        return Optional.empty();
    }

    private boolean mayTake(Listing other) {
        return !other.draining() && known(other).map(MemberStatus::mayOwn).orElse(false);
    }

    private static int slots(Service service, Incarnation life) {
        var slots = new TreeSet<Integer>();
        service.forEachUnit((i, state) -> {
            if (concerns(state, life)) {
                slots.add(service.slotOf(i + 1));
            }
        });
        return slots.size();
    }
}
