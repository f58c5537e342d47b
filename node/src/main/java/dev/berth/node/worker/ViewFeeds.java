package dev.berth.node.worker;

import dev.berth.core.cluster.View;
import dev.berth.node.member.ViewStep;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whoever listens to the views of a node. Any thread. */
final class ViewFeeds {
    private final Executor threads;
    private final List<ViewFeed> feeds = new ArrayList<>();
    private @Nullable View view;

    ViewFeeds(Executor threads) {
        this.threads = threads;
    }

    /** Begins with the view that the node acts by, if there is one already. */
    synchronized Subscription add(Consumer<? super ViewChange> listener) {
        ViewFeed feed = new ViewFeed(threads, listener, this::remove);
        feeds.add(feed);
        View now = view;
        if (now != null) {
            feed.offer(ViewStep.first(now));
        }
        return feed;
    }

    private synchronized void remove(ViewFeed feed) {
        feeds.remove(feed);
    }

    synchronized void installed(List<ViewStep> steps) {
        for (ViewStep step : steps) {
            view = step.view();
            feeds.forEach(feed -> feed.offer(step));
        }
    }
}
