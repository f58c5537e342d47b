package dev.berth.node.member;

import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.View;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

// A node installs the newest view that it knows, so several may pass in one installation; what led there is remembered
// until then. Where a link of the chain is missing, because the master has sent a whole view, one step spans it.

/** The steps from the view that was installed last to the one that is installed now. Any thread. */
final class ViewSteps {
    /** More than a master sends at once; beyond that the steps are told as one. */
    private static final int HEARD_MAX = 1_024;

    private final ArrayDeque<ViewStep> heard = new ArrayDeque<>();
    private @Nullable View last;

    synchronized void heard(View before, Delta delta, View view) {
        if (heard.size() == HEARD_MAX) {
            heard.removeFirst();
        }
        heard.addLast(new ViewStep(before, view, delta.reason(), delta));
    }

    /** In order, without a gap; none if the view is known already. */
    synchronized List<ViewStep> installed(View view) {
        View from = last;
        last = view;
        if (from == null) {
            heard.clear();
            return List.of(ViewStep.first(view));
        }
        List<ViewStep> steps = new ArrayList<>();
        View reached = from;
        while (!heard.isEmpty() && view.reaches(heard.getFirst().view())) {
            ViewStep step = heard.removeFirst();
            if (step.follows(reached)) {
                steps.add(step);
                reached = step.view();
            }
        }
        if (!reached.reaches(view)) {
            long missed = view.viewsSince(reached);
            String reason = missed == 1 ? "not known" : missed + " views at once, of which only the result is known";
            steps.add(new ViewStep(reached, view, reason, null));
        }
        return steps;
    }
}
