package dev.berth.gate;

import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.Submissions;
import dev.berth.node.worker.Subscription;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** When what owners tell a node may have been lost: a slot has another owner, or the connection with its owner has ended. Any thread. */
record Doubts(Subscription views, Subscription losses) implements AutoCloseable {
    private static final int SPREAD_MILLIS = 1_000;

    /** @param doubted whose owners' words are in doubt */
    static Doubts at(Node node, Consumer<Predicate<SlotId>> doubted) {
        Subscription views = node.onChange(change -> {
            Set<SlotId> moved = new HashSet<>();
            change.slots().forEach(slot -> moved.add(slot.slot()));
            if (!moved.isEmpty()) {
                doubted.accept(moved::contains);
            }
        });
        Subscription losses = Submissions.onLost(node, peer -> {
            View view = node.view();
            if (view != null) {
                doubted.accept(slot -> {
                    SlotState state = view.slot(slot);
                    return state != null && peer.equals(state.owner());
                });
            }
        });
        return new Doubts(views, losses);
    }

    /** When one of many doubts is to be asked: not all at once. */
    static int inMillis() {
        return ThreadLocalRandom.current().nextInt(1, SPREAD_MILLIS);
    }

    @Override
    public void close() {
        views.close();
        losses.close();
    }
}
