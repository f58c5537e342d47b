package dev.berth.poker.demo;

import dev.berth.gate.Ear;
import dev.berth.gate.Ears;
import dev.berth.node.entity.Entities;
import dev.berth.node.worker.Node;
import dev.berth.poker.OpenTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Hears tables at a node that owns nothing, and writes down what they say. One thread opens and closes it. */
final class Scribe implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final List<Ear> open = new ArrayList<>();
    private final Ears ears;

    /** From the first words of these games on. */
    Scribe(Node node, Entities app, List<Long> games, Chronicle book) {
        this.ears = Ears.at(node, app);
        for (long game : games) {
            book.open(game);
            open.add(ears.hear(thread, OpenTable.class, game, OpenTable.feed(game), 1, new Ears.Listener() {
                @Override
                public void told(long position, Record item) {
                    book.hear(game, position, (OpenTable.Heard) item);
                }

                @Override
                public void lost(long from, long upTo) {
                    book.gone(game, from, upTo);
                }
            }));
        }
    }

    @Override
    public void close() {
        open.forEach(Ear::close);
        ears.close();
        thread.shutdownNow();
    }
}
