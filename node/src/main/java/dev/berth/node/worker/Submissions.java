package dev.berth.node.worker;

import dev.berth.core.call.Request;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import java.util.function.Consumer;

/** The way to a node's calls for what Berth itself builds on them; everybody else takes an {@link Agent}. Any thread. */
public final class Submissions {
    private Submissions() {}

    /** Its end is told to the {@link dev.berth.node.plane.CallEnd} in its context. The node is listed. */
    public static void submit(Node node, Request request) {
        node.submit(request);
    }

    /** Tells whenever a connection with another node has ended, on the node's loop: what was on its way from there may be lost. */
    public static Subscription onLost(Node node, Consumer<? super Incarnation> listener) {
        return node.onLost(listener);
    }

    /** Does it once the node has a view; or else does the other, if too much waits for that already. */
    public static void whenListed(Node node, Consumer<? super View> call, Runnable tooMany) {
        node.whenListed(call, tooMany);
    }
}
