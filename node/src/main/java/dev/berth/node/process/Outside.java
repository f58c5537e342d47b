package dev.berth.node.process;

import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.View;
import dev.berth.core.record.RecordBook;
import dev.berth.node.member.MemberNode.Decision;
import dev.berth.node.plane.CallEnd;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the processes of a node have of the cluster around it. Any thread.
 *
 * @param messages the records that they say to those of other nodes; null for none
 * @param submit begins a call, whose context is a {@link CallEnd}
 * @param ask asks for a change of the view
 * @param view the view that the node acts by
 */
public record Outside(
        @Nullable RecordBook messages,
        Consumer<? super Request> submit,
        Function<? super Proposal, CompletableFuture<Decision>> ask,
        Supplier<View> view) {
    /** For processes without a cluster: there is nobody else. */
    static final Outside NONE = new Outside(
            null,
            request -> {
                if (request.context() instanceof CallEnd end) {
                    end.ended(new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0), "");
                }
            },
            _ -> CompletableFuture.completedFuture(new Decision(false, 0, "there is no cluster")),
            () -> View.empty(0));
}
