package dev.berth.node.entity;

import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.ToolMessage;
import dev.berth.core.call.ToolMessage.EntityName;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.entity.EntityImage;
import dev.berth.core.entity.WakeKeys;
import dev.berth.core.store.StoreMessage.Page;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.store.StorePiece;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.store.StoreClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Does for commands what they ask of entities, at a node that has their code. Any thread, which waits. */
final class Desk {
    private static final int UNKNOWN_MAX = 64;
    private static final long AGAIN_MILLIS = 100;

    private final Entities entities;
    private final Ground ground;
    private final @Nullable StoreClient store;

    Desk(Entities entities, Ground ground, @Nullable StoreClient store) {
        this.entities = entities;
        this.ground = ground;
        this.store = store;
    }

    ToolMessage.FromNode tell(ToolMessage.OfEntities asked) throws InterruptedException {
        try {
            return answer(asked);
        } catch (CallException ended) {
            // A call of a method is its author's to repeat; everything else does no harm twice.
            if (asked instanceof ToolMessage.AskEntity || ended.outcome() instanceof Outcome.Failed<?>) {
                throw ended;
            }
            return new ToolMessage.NotNow(asked.id(), String.valueOf(ended.getMessage()));
        }
    }

    private ToolMessage.FromNode answer(ToolMessage.OfEntities asked) throws InterruptedException {
        return switch (asked) {
            case ToolMessage.AskEntity ask -> {
                EntityType type = known(ask.type());
                String text = ask.method().isEmpty()
                        ? agents().ask(type, ask.key(), Copies.Question.LOOK, Bytes.EMPTY)
                                .utf8()
                        : agents().call(type, ask.key(), ask.method(), ask.words());
                yield ToolMessage.EntityTold.of(ask.id(), true, text);
            }
            case ToolMessage.AskKeys ask -> keys(ask);
            case ToolMessage.AskImage ask -> {
                EntityName name = ask.entity();
                Bytes image = agents().ask(known(name.type()), name.key(), Copies.Question.COPY, Bytes.EMPTY);
                yield new ToolMessage.ImageTold(ask.id(), states(image), image);
            }
            case ToolMessage.PutImage ask -> {
                EntityName name = ask.entity();
                Copies.Question put = ask.replace() ? Copies.Question.REPLACE : Copies.Question.PUT;
                Bytes end = agents().ask(known(name.type()), name.key(), put, ask.image());
                yield ToolMessage.EntityTold.of(ask.id(), true, end.utf8());
            }
        };
    }

    private EntityAgents agents() {
        return new EntityAgents(entities, ground);
    }

    private EntityType known(String name) {
        EntityType type = entities.type(name);
        if (type == null) {
            throw new IllegalArgumentException(
                    entities.service() + " has no entity " + name + "; it has " + entities.names());
        }
        return type;
    }

    private String states(Bytes image) {
        try {
            String shown = Copies.shown(entities.messages(), EntityImage.CODEC.decode(image.toArray()));
            return shown.getBytes(StandardCharsets.UTF_8).length > ToolMessage.ImageTold.STATES_MAX ? "" : shown;
        } catch (WireException unreadable) {
            throw new IllegalStateException("its owner's build is another one: " + unreadable.getMessage(), unreadable);
        }
    }

    // A key's pieces are not read here, only that it has some: what they say together only its owner knows.

    private ToolMessage.KeysTold keys(ToolMessage.AskKeys ask) throws InterruptedException {
        if (store == null) {
            throw new IllegalStateException("this node has no store: configure one (NodeConfig.withStore)");
        }
        Page page = page(store, new SlotId(entities.service(), ask.bucket()), ask.after());
        Set<Bytes> keys = new LinkedHashSet<>();
        page.pieces().stream().map(StorePiece::key).forEach(keys::add);
        keys.remove(WakeKeys.KEY);
        List<EntityName> names = new ArrayList<>();
        Set<String> unknown = new LinkedHashSet<>();
        for (Bytes key : keys) {
            EntityType type = entities.type(EntityType.nameIn(key));
            if (type == null) {
                unknown.add(EntityType.nameIn(key));
                continue;
            }
            try {
                names.add(new EntityName(type.name(), String.valueOf(type.keys().read(type.keyIn(key)))));
            } catch (RuntimeException otherKeys) {
                unknown.add(
                        type.name() + " with keys that are no " + type.keys().word());
            }
        }
        return new ToolMessage.KeysTold(
                ask.id(), names, unknown.stream().limit(UNKNOWN_MAX).toList(), page.next());
    }

    private Page page(StoreClient from, SlotId slot, Bytes after) throws InterruptedException {
        long end = ground.nanos() + Entities.PATIENCE.toNanos();
        while (true) {
            Object said;
            try {
                said = ground.await(from.page(slot, Bytes.EMPTY, after), Entities.PATIENCE.toNanos());
            } catch (TimeoutException silent) {
                said = silent;
            }
            if (said instanceof StoreOutcome.Done<?>(Page page)) {
                return page;
            }
            if (ground.nanos() - end > 0) {
                throw new IllegalStateException("the store does not say what it has: " + said);
            }
            ground.pause(AGAIN_MILLIS);
        }
    }
}
