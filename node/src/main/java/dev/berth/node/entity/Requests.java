package dev.berth.node.entity;

import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.core.session.FeedPage;
import dev.berth.core.session.FeedRead;
import dev.berth.core.session.Place;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.worker.Node;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls of an application's entities from a node, for what Berth itself builds on it. Any thread. */
public final class Requests {
    /** The application of whatever runs on this thread, if it is no entity. */
    private static final ScopedValue<EntityAgents> AROUND = ScopedValue.newInstance();

    private final EntityAgents agents;

    public Requests(Entities app, Node node) {
        this(app, NodeGround.of(node));
    }

    public Requests(Entities app, Ground ground) {
        this.agents = new EntityAgents(app, ground);
    }

    private Requests(EntityAgents agents) {
        this.agents = agents;
    }

    /**
     * Calls a method that answers bytes, or nothing, and goes on; one effect, as every call. The end comes on the node's loop.
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

    /** The same for a method that answers anything; one that answers nothing has answered {@link Bytes#EMPTY}. */
    public void call(
            Class<?> contract,
            Object key,
            String method,
            long caller,
            Consumer<? super Outcome<Object>> end,
            @Nullable Object... arguments) {
        agents.call(contract, key, method, arguments, caller, end);
    }

    /**
     * Asks the origin of a feed for a page of it, and to be told what comes next. The end comes on the node's loop, or at once if
     * this build has no such origin.
     *
     * @param caller what has the same one stays in order
     */
    public void read(String origin, long caller, FeedRead read, Consumer<? super Outcome<FeedPage>> end) {
        try {
            agents.submit(origin, Copies.Question.READ, read.encoded(), caller, outcome -> end.accept(page(outcome)));
        } catch (IllegalArgumentException unknown) {
            end.accept(new Outcome.Failed<>("UnknownEntity", String.valueOf(unknown.getMessage())));
        }
    }

    private static Outcome<FeedPage> page(Outcome<Bytes> outcome) {
        return switch (outcome) {
            case Outcome.Done<Bytes>(Bytes body) -> {
                try {
                    yield new Outcome.Done<>(FeedPage.CODEC.decode(body.toArray(), FeedPage.LIMITS));
                } catch (WireException unreadable) {
                    yield new Outcome.Failed<>("UnreadableAnswer", String.valueOf(unreadable.getMessage()));
                }
            }
            case Outcome.Failed<Bytes>(String kind, String text) -> new Outcome.Failed<>(kind, text);
            case Outcome.Refused<Bytes>(var reason, long retryNanos) -> new Outcome.Refused<>(reason, retryNanos);
            case Outcome.Unknown<Bytes>(var cause) -> new Outcome.Unknown<>(cause);
        };
    }

    /** Tells the origin of a feed that nobody hears it there any more, or of all its feeds if that is 0; at most once. */
    public void unheard(String origin, Place place) {
        try {
            agents.submit(origin, Copies.Question.UNHEARD, Place.write(List.of(place)), place.gate(), _ -> {});
        } catch (IllegalArgumentException unknown) {
            // Then it has no audience either.
            return;
        }
    }

    /** An entity's name as the origin of its feeds. */
    public String origin(Class<?> contract, Object key) {
        return agents.entity(contract, key);
    }

    /** Where the origin of a feed is; empty if this build has none such. */
    public Optional<SlotId> slot(String origin) {
        try {
            return Optional.of(agents.slot(origin));
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }

    /** Where an entity is, as the newest view divides the slots. */
    public SlotId slot(Class<?> contract, Object key) {
        return agents.slot(contract, key);
    }

    /** Does it so that {@link #current} knows this application. */
    public <T> T within(Supplier<T> what) {
        return ScopedValue.where(AROUND, agents).call(what::get);
    }

    /**
     * Those of the application whose code runs on this thread.
     *
     * @param instead what to use where there is none
     */
    public static Requests current(String instead) {
        Turn turn = Turn.current();
        if (turn != null) {
            return new Requests(turn.host().slot().agents());
        }
        if (AROUND.isBound()) {
            return new Requests(AROUND.get());
        }
        throw new IllegalStateException(
                "this is for an application's own code: entities, what is given to login, on and"
                        + " onVisitor; elsewhere say of which node: " + instead);
    }

    /** The way to an entity. */
    public <K, E extends Entity<K>> E agent(Class<E> contract, K key) {
        return agents.agent(contract, key);
    }

    /** What a record's type is called on the wire. */
    public String wireName(Class<?> type) {
        return agents.wireName(type);
    }

    /** The newest view. */
    public View view() {
        return agents.view();
    }
}
