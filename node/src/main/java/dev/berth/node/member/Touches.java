package dev.berth.node.member;

import dev.berth.core.cluster.MemberAction;
import dev.berth.core.cluster.MemberEvent;
import java.util.function.Consumer;

/** How a member renews at the coordinator while no master answers (rule 25). Any thread. */
@FunctionalInterface
public interface Touches extends AutoCloseable {
    /** A node that does not reach the coordinator. */
    Touches NONE = (touch, answer) -> answer.accept(new MemberEvent.TouchFailed(touch.request()));

    /** Answers once, with Touched or TouchFailed, on any thread. */
    void touch(MemberAction.Touch touch, Consumer<? super MemberEvent> answer);

    @Override
    default void close() {}
}
