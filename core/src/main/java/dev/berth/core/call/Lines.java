package dev.berth.core.call;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Trie;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The lines to all peers; of each node at most one life. One owner. */
final class Lines {
    private Trie<Line> byNode = Trie.empty();

    /** The line to the peer, or to a later life of that node if there already is one. */
    Line to(Incarnation peer) {
        Line line = ofNode(peer);
        if (line == null || line.peer.number() < peer.number()) {
            line = new Line(peer);
            byNode = byNode.with(peer.node().value(), line);
        }
        return line;
    }

    /** The line to whatever life of the peer's node; null if there is none. */
    @Nullable
    Line ofNode(Incarnation peer) {
        return byNode.get(peer.node().value());
    }

    void forget(Line line) {
        byNode = byNode.without(line.peer.node().value());
    }

    /** In the order of the node ids; what the visitor forgets or adds does not change the visit. */
    void forEach(Consumer<? super Line> visitor) {
        byNode.forEach((_, line) -> visitor.accept(line));
    }
}
