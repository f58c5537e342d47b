package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.Settings;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.View;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's configuration as this node's view carries it, read with types. Any thread. Every reader throws
 * IllegalStateException before the node is listed, and IllegalArgumentException for a key that the catalog does not know or
 * knows with another type. A value that the catalog does not accept, which can happen while a cluster is upgraded, counts as not
 * set.
 */
@PublicApi
public final class NodeSettings {
    /**
     * A value that holds from a view on.
     *
     * @param former the value before; null the first time
     * @param view the view that brought it
     * @param reason why, in words
     */
    public record Value(String key, String value, @Nullable String former, long view, String reason) {}

    private final Node node;
    private final SettingsCatalog catalog;

    NodeSettings(Node node, SettingsCatalog catalog) {
        this.node = node;
        this.catalog = catalog;
    }

    public long whole(String key) {
        return catalog.whole(now(), key);
    }

    public Duration span(String key) {
        return Duration.ofNanos(catalog.nanos(now(), key));
    }

    public boolean flag(String key) {
        return catalog.flag(now(), key);
    }

    public String text(String key) {
        return catalog.text(now(), key);
    }

    /** One of the words that the key allows. */
    public String word(String key) {
        return catalog.word(now(), key);
    }

    /**
     * Tells the value that the key has, and from then on each other one that it gets, in the order of the views, one at a time, on
     * a virtual thread that may block. A listener that is more than 1,024 views behind may miss values in between, never the
     * latest. One that throws is told nothing more.
     *
     * @throws IllegalArgumentException for a key that the catalog does not know
     */
    public Subscription onChange(String key, Consumer<? super Value> listener) {
        catalog.problem(key).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        return node.onChange(new Following(key, listener));
    }

    /** Compares effective values: setting a key to its standard changes nothing for whoever reads it. */
    private final class Following implements Consumer<ViewChange> {
        private final String key;
        private final Consumer<? super Value> listener;
        private @Nullable String told;

        Following(String key, Consumer<? super Value> listener) {
            this.key = key;
            this.listener = listener;
        }

        @Override
        public void accept(ViewChange change) {
            String value = catalog.effective(change.view().settings(), key);
            String former = told;
            if (!value.equals(former)) {
                told = value;
                listener.accept(new Value(key, value, former, change.view().number(), change.reason()));
            }
        }
    }

    private Settings now() {
        View view = node.view();
        if (view == null) {
            throw new IllegalStateException("the node is not listed yet and knows no settings: wait for Node.listed()");
        }
        return view.settings();
    }
}
