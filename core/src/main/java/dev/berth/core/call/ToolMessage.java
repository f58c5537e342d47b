package dev.berth.core.call;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.store.StoreLimits;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Prose;
import java.util.List;

/** What commands and nodes say to each other. Any thread. */
public sealed interface ToolMessage {
    /** Sent by a command. */
    sealed interface ToNode extends ToolMessage {}

    /** Sent by a node. */
    sealed interface FromNode extends ToolMessage {
        Nonce id();
    }

    /** About entities: whoever is asked has code of the service, and asks their owners. */
    sealed interface OfEntities extends ToNode {
        Nonce id();

        String service();
    }

    /**
     * What became of a call?
     *
     * @param call its number; 0 for the latest calls that did not end as Done
     */
    @Code(24)
    record AskCall(@Field(1) Nonce id, @Field(2) long call) implements ToNode {}

    /**
     * Calls a method of an entity, or looks at one. The node asked has code of the service; the entity may be elsewhere. A call that
     * is asked for again is made again.
     *
     * @param key as people write it
     * @param method empty to look at what the entity keeps
     * @param words the arguments, each a word or JSON
     */
    @Code(28)
    record AskEntity(
            @Field(1) Nonce id,
            @Field(value = 2, max = 120) String service,
            @Field(value = 3, max = 120) String type,
            @Field(value = 4, max = 512) String key,
            @Field(value = 5, max = 120) String method,
            @Field(value = 6, max = 64) List<String> words)
            implements OfEntities {
        public AskEntity {
            words = List.copyOf(words);
        }
    }

    /**
     * What came of it.
     *
     * @param text JSON of the answer; or what went wrong, for people
     */
    @Code(29)
    record EntityTold(
            @Field(1) Nonce id,
            @Field(2) boolean done,
            @Field(value = 3, max = TEXT_MAX) String text) implements FromNode {
        public static final int TEXT_MAX = 1 << 19;

        /** With as much of the text as fits. */
        public static EntityTold of(Nonce id, boolean done, String text) {
            return new EntityTold(id, done, Prose.upTo(TEXT_MAX, text));
        }
    }

    /**
     * Which entities of a bucket does the store have?
     *
     * @param bucket from 1
     * @param after empty for the first page; then what the last page said
     */
    @Code(96)
    record AskKeys(
            @Field(1) Nonce id,
            @Field(value = 2, max = 120) String service,
            @Field(3) int bucket,
            @Field(value = 4, max = StoreLimits.CURSOR_MAX) Bytes after)
            implements OfEntities {}

    /** An entity by the name of its contract, and its key as people write it. */
    record EntityName(
            @Field(value = 1, max = 120) String type,
            @Field(value = 2, max = 512) String key) {}

    /**
     * A page of them; one whose pieces lie on two pages is on both.
     *
     * @param unknown contracts that the node asked does not know, of entities that are left out
     * @param next the cursor of the next page; empty with the last one
     */
    @Code(97)
    record KeysTold(
            @Field(1) Nonce id,
            @Field(value = 2, max = StoreLimits.PIECES_MAX) List<EntityName> entities,
            @Field(value = 3, max = 64) List<String> unknown,
            @Field(value = 4, max = StoreLimits.CURSOR_MAX) Bytes next)
            implements FromNode {
        public KeysTold {
            entities = List.copyOf(entities);
            unknown = List.copyOf(unknown);
        }
    }

    /** What does the store have of an entity, as its owner knows it? */
    @Code(98)
    record AskImage(
            @Field(1) Nonce id,
            @Field(value = 2, max = 120) String service,
            @Field(3) EntityName entity) implements OfEntities {}

    /**
     * All of it, as a snapshot in the store has it.
     *
     * @param states JSON for people; empty if that would be large
     */
    @Code(99)
    record ImageTold(
            @Field(1) Nonce id,
            @Field(value = 2, max = STATES_MAX) String states,
            @Field(value = 3, max = StoreLimits.STATE_MAX) Bytes image)
            implements FromNode {
        public static final int STATES_MAX = 32 << 10;
    }

    /**
     * Has its owner write an entity, once, if the store has none of that name; answered with an {@link EntityTold} of a {@link PutEnd}'s
     * name.
     *
     * @param replace writes it if there is another one, too
     */
    @Code(100)
    record PutImage(
            @Field(1) Nonce id,
            @Field(value = 2, max = 120) String service,
            @Field(3) EntityName entity,
            @Field(value = 4, max = StoreLimits.STATE_MAX) Bytes image,
            @Field(5) boolean replace)
            implements OfEntities {}

    /** Nobody could be asked; it may be asked again, perhaps another node. */
    @Code(101)
    record NotNow(@Field(1) Nonce id, @Field(2) String why) implements FromNode {
        public NotNow {
            why = Prose.upTo(1_000, why);
        }
    }

    /** How much is there? */
    @Code(102)
    record AskNode(@Field(1) Nonce id) implements ToNode {}

    /**
     * What a node has in memory.
     *
     * @param processes those of entities among them
     * @param entities by service; only of services that have some
     * @param servers to which gateways send players
     */
    @Code(103)
    record NodeTold(
            @Field(1) Nonce id,
            @Field(2) int processes,
            @Field(value = 3, max = 1_000) List<InMemory> entities,
            @Field(value = 4, max = 64) List<PlacesTold> servers)
            implements FromNode {
        public NodeTold {
            entities = List.copyOf(entities);
            servers = List.copyOf(servers);
        }
    }

    /**
     * How many players a server takes.
     *
     * @param group in which gateways find it
     * @param taken by players who are there
     * @param kept for players who are sent and have not come yet
     */
    record PlacesTold(
            @Field(value = 1, max = 120) String group,
            @Field(2) int places,
            @Field(3) int taken,
            @Field(4) int kept) {}

    /** So many entities of a service. */
    record InMemory(
            @Field(value = 1, max = 120) String service,
            @Field(2) long entities) {}

    /** What has become of it. */
    enum PutEnd {
        WRITTEN,
        /** It was so already. */
        SAME,
        /** There is one that is not the same, and it was left as it is. */
        OTHER
    }

    /**
     * What the node remembers.
     *
     * @param life the node's; calls of an earlier one went with it
     * @param clockNanos the clock that the stories' times are read from, now
     * @param wallMillis the node's wall clock, now
     */
    @Code(25)
    record CallTold(
            @Field(1) Nonce id,
            @Field(2) Incarnation life,
            @Field(3) long clockNanos,
            @Field(4) long wallMillis,
            @Field(value = 5, max = STORIES_MAX) List<CallStory> stories)
            implements FromNode {
        public static final int STORIES_MAX = 32;

        public CallTold {
            stories = List.copyOf(stories);
        }

        /** The wall-clock time of a moment in a story. */
        public long millisAt(long nanos) {
            return wallMillis - (clockNanos - nanos) / 1_000_000;
        }
    }
}
