package dev.berth.lab.sim.node;

import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.View;
import dev.berth.core.cluster.ViewImage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

// Five thousand members that apply the same delta to equal views would make five thousand equal views. Here the first
// one makes it and the others get it. Nothing is taken on trust: a delta is recognized by identity, or by content,
// together with its base; and what came about in another way is replaced by the known view only after all fields have
// been compared.

/** The views that members have come to, one object each. One thread. */
@SuppressWarnings(
        "ReferenceEquality") // identity is the point: to compare contents costs as much as the cluster is large
public final class SharedViews {
    private static final int NUMBERS_KEPT = 64;

    /** A view, and everything that is known to lead to it. */
    private static final class Known {
        final View view;
        final ViewImage image;
        final List<Step> steps = new ArrayList<>();
        final List<ViewImage> images = new ArrayList<>();

        Known(View view) {
            this.view = view;
            this.image = ViewImage.of(view);
        }
    }

    private record Step(View base, Delta delta) {}

    private final TreeMap<Long, List<Known>> byNumber = new TreeMap<>();
    private byte[] lastBytes = new byte[0];
    private View lastStored = View.empty(0);

    /** The view after {@code base}. */
    public View next(View base, Delta delta) {
        List<Known> all = of(delta.number());
        for (Known known : all) {
            for (Step step : known.steps) {
                if (step.base() == base
                        && (step.delta() == delta || step.delta().equals(delta))) {
                    return known.view;
                }
            }
        }
        Known known = known(all, base.apply(delta));
        known.steps.add(new Step(base, delta));
        return known.view;
    }

    /** The view that an image shows. */
    public View opened(ViewImage image) {
        List<Known> all = of(image.number());
        for (Known known : all) {
            for (ViewImage each : known.images) {
                if (each == image) {
                    return known.view;
                }
            }
        }
        Known known = known(all, image.toView());
        known.images.add(image);
        return known.view;
    }

    /** The view that the coordinator stores in these bytes. */
    View stored(byte[] bytes) {
        if (bytes != lastBytes) {
            lastBytes = bytes;
            lastStored = opened(Codecs.view(bytes));
        }
        return lastStored;
    }

    private static Known known(List<Known> all, View view) {
        Known fresh = new Known(view);
        for (Known known : all) {
            if (known.image.equals(fresh.image)) {
                return known;
            }
        }
        all.add(fresh);
        return fresh;
    }

    private List<Known> of(long number) {
        while (byNumber.size() > NUMBERS_KEPT) {
            byNumber.pollFirstEntry();
        }
        return byNumber.computeIfAbsent(number, _ -> new ArrayList<>(1));
    }
}
