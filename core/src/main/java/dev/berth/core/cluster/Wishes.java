package dev.berth.core.cluster;

import dev.berth.core.machine.Outbox;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

// A proposal is repeated until it is decided, so it can arrive after it was carried out: by an earlier copy or under an
// earlier master. Every proposal is therefore written so that carrying it out twice is the same as once.

/** Proposals that wait for the next view. One thread: the master's. */
final class Wishes {
    /** What to say to whom once the view is durable. */
    record Answer(long link, ClusterMessage.Decided decided) {
        ClusterMessage.Decided decidedIn(long view) {
            return new ClusterMessage.Decided(decided.id(), decided.accepted(), view, decided.reason());
        }
    }

    private record Wish(long link, ClusterMessage.Propose propose) {}

    private final MasterConfig config;
    private final Map<Nonce, Wish> wishes = new LinkedHashMap<>();

    Wishes(MasterConfig config) {
        this.config = config;
    }

    boolean ask(long link, ClusterMessage.Propose propose, Outbox<MasterAction> out) {
        if (wishes.size() >= MasterConfig.PROPOSALS_MAX && !wishes.containsKey(propose.id())) {
            String busy = "busy: " + MasterConfig.PROPOSALS_MAX + " proposals wait, try again";
            out.add(new MasterAction.Send(link, new ClusterMessage.Decided(propose.id(), false, 0, busy)));
            return false;
        }
        wishes.put(propose.id(), new Wish(link, propose));
        return true;
    }

    /** Turns all that can be granted into changes; answers the others at once. */
    List<Answer> into(ViewDraft draft, ViewRoom room, Outbox<MasterAction> out) {
        List<Answer> answers = new ArrayList<>();
        for (Wish wish : wishes.values()) {
            ClusterMessage.Propose asked = wish.propose();
            View now = draft.preview();
            List<Change> changes = List.of();
            Optional<String> problem =
                    PlanCheck.problem(now, asked.from(), asked.proposal(), config.timings(), config.catalog());
            if (problem.isEmpty()) {
                changes = PlanCheck.changes(now, asked.from(), asked.proposal());
                problem = Optional.ofNullable(room.take(changes));
            }
            if (problem.isPresent()) {
                ClusterMessage.Decided no =
                        new ClusterMessage.Decided(asked.id(), false, now.number() - 1, problem.get());
                out.add(new MasterAction.Send(wish.link(), no));
            } else {
                String cause = "asked by " + who(now, asked) + ", proposal "
                        + Long.toHexString(asked.id().high() >>> 32);
                changes.forEach(change -> draft.add(change, cause));
                answers.add(new Answer(wish.link(), new ClusterMessage.Decided(asked.id(), true, draft.number, "")));
            }
        }
        wishes.clear();
        return answers;
    }

    private static String who(View now, ClusterMessage.Propose asked) {
        if (asked.from().isNone()) {
            return asked.by().isEmpty() ? "an operator" : "operator " + asked.by();
        }
        return "node " + now.named(asked.from());
    }
}
