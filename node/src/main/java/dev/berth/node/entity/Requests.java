package dev.berth.node.entity;

import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.wire.Bytes;
import dev.berth.node.worker.Node;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls of an application's entities from a node, for what Berth itself builds on it. Any thread. */
public final class Requests {
    /** The application of whatever runs on this thread, if it is no entity. */
    private static final ScopedValue<EntityAgents> AROUND = ScopedValue.newInstance();

    private final EntityAgents agents;

    public Requests(Entities app, Node node) {
        this.agents = new EntityAgents(app, NodeGround.of(node));
    }

    /**
     * Calls a method that answers bytes, and goes on; one effect, as every call. The end comes on the node's loop.
     *
     * @param caller what has the same one stays in order
     */
    public void ask(
            Class<?> contract,
            Object key,
            String method,
            long caller,
            Consumer<? super Outcome<Bytes>> end,
            @Nullable Object... arguments) {
        agents.submit(contract, key, method, arguments, caller, end);
    }

    /** Where an entity is, as the newest view divides the slots. */
    public SlotId slot(Class<?> contract, Object key) {
        return agents.slot(contract, key);
    }

    /** Does it so that {@link #agent} knows this application. */
    public <T> T within(Supplier<T> what) {
        return ScopedValue.where(AROUND, agents).call(what::get);
    }

    /** The way to an entity of the application whose code runs on this thread. */
    public static <K, E extends Entity<K>> E agent(Class<E> contract, K key) {
        Turn turn = Turn.current();
        if (turn != null) {
            return turn.host().slot().agents().agent(contract, key);
        }
        if (AROUND.isBound()) {
            return AROUND.get().agent(contract, key);
        }
        throw new IllegalStateException("Berth.agent is for an application's own code: entities, what is given to login"
                + " and on; elsewhere say of which node: Entities.agent(node, " + contract.getSimpleName()
                + ".class, key)");
    }
}
