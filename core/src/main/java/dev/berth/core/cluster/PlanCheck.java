package dev.berth.core.cluster;

import java.util.List;
import java.util.Optional;

/** Whether a proposal can be granted, and what it changes. Stateless; any thread. */
final class PlanCheck {
    private PlanCheck() {}

    static Optional<String> problem(
            View view, Incarnation proposer, Proposal proposal, Timings timings, SettingsCatalog catalog) {
        return Optional.of("not decided yet");
    }

    static List<Change> changes(View view, Incarnation proposer, Proposal proposal) {
        return List.of();
    }
}
