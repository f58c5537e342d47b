package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.Buckets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The instances of a service as of one view, by slot, with gaps. Immutable but for whose turn it is; any thread. */
@PublicApi
public final class Connections {
    /** Before the first {@link ServiceAgent#join}. */
    public static final Connections NONE = new Connections(List.of(), List.of());

    private final List<Connection> slots;
    private final List<Connection> present;
    private final AtomicInteger turn = new AtomicInteger();

    private Connections(List<Connection> slots, List<Connection> present) {
        this.slots = slots;
        this.present = present;
    }

    static Connections of(List<Connection> slots) {
        return new Connections(
                List.copyOf(slots), slots.stream().filter(Connection::isJoined).toList());
    }

    public int capacity() {
        return slots.size();
    }

    /**
     * The instance that serves a slot; null where nobody does.
     *
     * @param slot 1..{@link #capacity}
     */
    public @Nullable Connection at(int slot) {
        Connection connection = slots.get(slot - 1);
        return connection.isJoined() ? connection : null;
    }

    /** Those that serve, by slot. */
    public List<Connection> present() {
        return present;
    }

    /**
     * The way to the slot that has the key, whether somebody serves it or not: a call waits there for the next owner.
     *
     * @throws IllegalStateException when the service has never joined
     */
    public Connection of(long key) {
        if (slots.isEmpty()) {
            throw new IllegalStateException(
                    "the service has not joined yet: it is not planned, or this node not listed");
        }
        return slots.get(Buckets.bucket(Buckets.hash(key), slots.size()) - 1);
    }

    /** One after the other of those that serve, for services where any will do; null where nobody serves. */
    public @Nullable Connection next() {
        return present.isEmpty() ? null : present.get(Math.floorMod(turn.getAndIncrement(), present.size()));
    }

    @Override
    public String toString() {
        return present + " of " + slots.size();
    }
}
