package dev.berth.core.cluster;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

// A proposal is judged against the view that it would change, and refused with a sentence that names what is in
// its way. One that has been carried out already is granted and changes nothing: its first answer may have been
// lost.

/** Whether a proposal can be granted, and what it changes. Stateless; any thread. */
final class PlanCheck {
    /** As many names as a view can carry. */
    static final int NAMES_MAX = 100_000;

    private static final long MILLI = 1_000_000;
    private static final int LEASE_BEATS_MIN = 2;
    private static final long LEASE_MAX_NANOS = 600_000 * MILLI;

    private PlanCheck() {}

    /** Why the proposal is refused, in at most 400 characters, or nothing if it is granted. */
    static Optional<String> problem(
            View view, Incarnation proposer, Proposal proposal, Timings timings, SettingsCatalog catalog) {
        return switch (proposal) {
            case Proposal.SetSetting set -> catalog.problem(set.key(), set.value());
            case Proposal.ClearSetting clear ->
                view.settings().values().containsKey(clear.key()) ? Optional.empty() : catalog.problem(clear.key());
            case Proposal.TakeName take -> Optional.ofNullable(takeProblem(view, proposer, take.name()));
            case Proposal.FreeName free -> Optional.ofNullable(holderProblem(view, proposer, free.name()));
            case Proposal.DrainNode drain -> Optional.ofNullable(nodeProblem(view, drain.node()));
            case Proposal.PlanService planned -> Optional.ofNullable(ServiceCheck.planProblem(view, planned.plan()));
            case Proposal.Resize resize -> Optional.ofNullable(ServiceCheck.resizeProblem(view, resize));
            case Proposal.RetrySlot retry -> Optional.ofNullable(retryProblem(view, retry.slot()));
            case Proposal.SetLease lease -> Optional.ofNullable(leaseProblem(timings, lease.leaseNanos()));
            case Proposal.ReleaseBrake _ -> Optional.empty();
        };
    }

    private static @Nullable String retryProblem(View view, SlotId slot) {
        String problem = ServiceCheck.slotProblem(view, slot);
        boolean lost = problem == null
                && view.slot(slot) instanceof SlotState.Parked parked
                && parked.storedEpoch() > view.number();
        return lost
                ? "the store holds a later epoch of " + slot + " than view " + view.number()
                        + ": the coordinator has lost views, run recover"
                : problem;
    }

    private static @Nullable String takeProblem(View view, Incarnation proposer, String name) {
        if (!ServiceName.isWellSpelled(name)) {
            return "a name has 1 to " + ServiceName.MAX + " characters of a-z 0-9 . _ -";
        }
        if (!view.lists(proposer)) {
            return "only a listed member can hold a name, and view " + view.number() + " does not list " + proposer;
        }
        if (!view.names().containsKey(name) && view.names().size() >= NAMES_MAX) {
            return "there are " + NAMES_MAX + " names already, and no more are possible";
        }
        return holderProblem(view, proposer, name);
    }

    private static @Nullable String holderProblem(View view, Incarnation proposer, String name) {
        GlobalName held = view.names().get(name);
        return held == null || held.holder().equals(proposer)
                ? null
                : "the name " + name + " is held by " + view.named(held.holder());
    }

    private static @Nullable String nodeProblem(View view, NodeId node) {
        return view.member(node) == null ? "view " + view.number() + " lists no node " + node : null;
    }

    // Shorter than two beats it would lapse at the first one that is lost, and never be touched in time (rule 25).
    private static @Nullable String leaseProblem(Timings timings, long leaseNanos) {
        long least = Math.max(LEASE_BEATS_MIN * timings.beatNanos(), timings.touchAfterNanos() + MILLI);
        return leaseNanos < least || leaseNanos > LEASE_MAX_NANOS
                ? "a lease is at least " + SettingSpan.of(least) + " (" + LEASE_BEATS_MIN
                        + " beats, and longer than the "
                        + SettingSpan.of(timings.touchAfterNanos()) + " until a touch) and at most "
                        + SettingSpan.of(LEASE_MAX_NANOS) + ", got " + SettingSpan.of(leaseNanos)
                : null;
    }

    /** What granting the proposal changes; nothing if it has been carried out already. */
    static List<Change> changes(View view, Incarnation proposer, Proposal proposal) {
        return switch (proposal) {
            case Proposal.SetSetting set ->
                set.value().equals(view.settings().values().get(set.key()))
                        ? List.of()
                        : List.of(new Change.SettingChanged(set.key(), set.value()));
            case Proposal.ClearSetting clear ->
                view.settings().values().containsKey(clear.key())
                        ? List.of(new Change.SettingRemoved(clear.key()))
                        : List.of();
            case Proposal.TakeName take -> {
                GlobalName name = new GlobalName(take.name(), take.address(), proposer);
                yield name.equals(view.names().get(take.name())) ? List.of() : List.of(new Change.NameTaken(name));
            }
            case Proposal.FreeName free ->
                view.names().containsKey(free.name()) ? List.of(new Change.NameFreed(free.name())) : List.of();
            case Proposal.DrainNode drain -> drained(view, drain);
            case Proposal.PlanService planned -> planned(view, planned.plan());
            case Proposal.Resize resize -> resized(view, resize);
            case Proposal.RetrySlot retry ->
                view.slot(retry.slot()) instanceof SlotState.Parked
                        ? List.of(new Change.SlotChanged(retry.slot(), SlotState.Free.CLEAN))
                        : List.of();
            case Proposal.SetLease lease ->
                lease.leaseNanos() == view.leaseNanos()
                        ? List.of()
                        : List.of(new Change.LeaseChanged(lease.leaseNanos(), view.longestLeaseNanos()));
            case Proposal.ReleaseBrake _ -> List.of();
        };
    }

    private static List<Change> drained(View view, Proposal.DrainNode drain) {
        Listing listing = view.member(drain.node());
        return listing == null || listing.draining() == drain.drain()
                ? List.of()
                : List.of(new Change.MemberListed(listing.withDraining(drain.drain())));
    }

    private static List<Change> planned(View view, ServicePlan plan) {
        Service known = view.service(plan.name());
        return known != null && known.plan().equals(plan) ? List.of() : List.of(new Change.ServicePlanned(plan));
    }

    private static List<Change> resized(View view, Proposal.Resize resize) {
        Service service = view.service(resize.service());
        return service == null || service.plan().capacity() == resize.capacity()
                ? List.of()
                : Buckets.resize(service, resize.capacity());
    }
}
