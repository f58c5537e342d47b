package dev.berth.lab.sim.node;

import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.Member;
import dev.berth.core.cluster.MemberConfig;
import dev.berth.core.cluster.View;
import dev.berth.core.cluster.ViewImage;

/** A member whose views are shared with the others of its world; those that lack a measure extend it. One thread. */
public class SimMember extends Member {
    private final SharedViews views;

    public SimMember(MemberConfig config, SharedViews views) {
        super(config);
        this.views = views;
    }

    @Override
    protected View next(View base, Delta delta) {
        return views.next(base, delta);
    }

    @Override
    protected View opened(ViewImage image) {
        return views.opened(image);
    }
}
