package dev.berth.core.call;

import dev.berth.core.wire.Field;
import dev.berth.core.wire.Prose;
import java.util.List;

/**
 * A call that did not end as Done, or took long, as its caller's node remembers it. Any thread.
 *
 * @param call its number in the life of the node, from 1
 * @param to the slot as in role/3, or the process
 * @param beganNanos when it was made, by the calling node's clock
 * @param end how it ended, in words
 * @param leftOut so many steps in the middle are not told
 */
public record CallStory(
        @Field(1) long call,
        @Field(value = 2, max = 200) String to,
        @Field(3) long beganNanos,
        @Field(4) long endedNanos,
        @Field(value = 5, max = 300) String end,
        @Field(value = 6, max = STEPS_MAX) List<CallStep> steps,
        @Field(7) int leftOut) {
    /** The first ones and the last ones are told. */
    public static final int STEPS_MAX = 16;

    public CallStory {
        to = Prose.upTo(200, to);
        end = Prose.upTo(300, end);
        steps = List.copyOf(steps);
    }
}
