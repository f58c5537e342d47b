package dev.berth.core.call;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import java.util.List;

/** What commands and nodes say to each other. Any thread. */
public sealed interface ToolMessage {
    /** Sent by a command. */
    sealed interface ToNode extends ToolMessage {}

    /** Sent by a node. */
    sealed interface FromNode extends ToolMessage {}

    /**
     * What became of a call?
     *
     * @param call its number; 0 for the latest calls that did not end as Done
     */
    @Code(24)
    record AskCall(@Field(1) Nonce id, @Field(2) long call) implements ToNode {}

    /**
     * Calls a method of an entity, or looks at one. The node asked has code of the service; the entity may be elsewhere.
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
            implements ToNode {
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
