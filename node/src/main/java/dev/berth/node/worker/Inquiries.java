package dev.berth.node.worker;

import dev.berth.core.call.CallStory;
import dev.berth.core.call.ToolMessage;
import dev.berth.core.call.ToolMessage.AskCall;
import dev.berth.core.call.ToolMessage.CallTold;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import dev.berth.node.member.MemberNode;
import dev.berth.node.plane.Plane;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a command asks this node, over a connection that has shown the secret. One thread: the connection's loop. */
final class Inquiries implements PipeEars<ToolMessage.ToNode, ToolMessage.FromNode> {
    private final MemberNode member;
    private final Consumer<Question> entities;
    private final Function<ToolMessage.AskNode, ToolMessage.NodeTold> census;
    private @Nullable Pipe<ToolMessage.FromNode> pipe;

    /**
     * @param entities answers what is asked of entities, on whatever thread
     * @param census answers at once
     */
    Inquiries(
            MemberNode member,
            Consumer<Question> entities,
            Function<ToolMessage.AskNode, ToolMessage.NodeTold> census) {
        this.member = member;
        this.entities = entities;
        this.census = census;
    }

    /** What is asked of entities, and who wants to know. */
    record Question(ToolMessage.OfEntities asked, Consumer<ToolMessage.FromNode> answer) {}

    @Override
    public void opened(Pipe<ToolMessage.FromNode> itsPipe) {
        pipe = itsPipe;
    }

    @Override
    public void received(ToolMessage.ToNode message) {
        switch (message) {
            case AskCall ask -> {
                Plane plane = member.plane();
                if (plane == null) {
                    answer(ask, List.of());
                } else {
                    plane.recall(ask.call(), CallTold.STORIES_MAX, stories -> answer(ask, stories));
                }
            }
            case ToolMessage.AskNode ask -> {
                Pipe<ToolMessage.FromNode> to = pipe;
                if (to != null) {
                    to.send(census.apply(ask));
                }
            }
            case ToolMessage.OfEntities ask -> {
                Pipe<ToolMessage.FromNode> to = pipe;
                if (to != null) {
                    entities.accept(new Question(ask, to::send));
                }
            }
        }
    }

    private void answer(AskCall ask, List<CallStory> stories) {
        Pipe<ToolMessage.FromNode> to = pipe;
        if (to != null) {
            to.send(new CallTold(ask.id(), member.self(), System.nanoTime(), System.currentTimeMillis(), stories));
        }
    }

    @Override
    public void closed(String cause) {
        pipe = null;
    }
}
