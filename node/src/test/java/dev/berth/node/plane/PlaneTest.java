package dev.berth.node.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Change;
import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.link.Loops;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// One plane on a real loop, whose node owns both slots of a service and is drained of both towards a node that nobody
// can connect to. The test says what a member would say.
@Timeout(60)
class PlaneTest implements Application {
    private static final SlotId ONE = new SlotId("role", 1);
    private static final SlotId TWO = new SlotId("role", 2);

    private final Incarnation self = new Incarnation(new NodeId(1), 1);
    private final Incarnation other = new Incarnation(new NodeId(2), 2);
    private final CompletableFuture<Throwable> broken = new CompletableFuture<>();

    private View draining() {
        View view = View.empty(5_000_000_000L);
        view = next(view, new Change.ServicePlanned(ServicePlan.plain("role", 2)));
        view = next(view, new Change.MemberListed(listing(self)), new Change.MemberListed(listing(other)));
        return next(
                view,
                new Change.SlotChanged(ONE, new SlotState.Draining(self, 2, other)),
                new Change.SlotChanged(TWO, new SlotState.Draining(self, 2, other)));
    }

    private static View next(View view, Change... changes) {
        return view.apply(new Delta(view.number() + 1, "test", List.of(changes)));
    }

    private static Listing listing(Incarnation life) {
        int node = life.node().value();
        return new Listing(life, "node-" + node, new Nonce(node, life.number()), List.of(), List.of(), "", false);
    }

    @Override
    public void admitted(Work work) {
        throw new AssertionError("nothing runs here");
    }

    @Override
    public void ended(Request request, Outcome<Bytes> outcome, long call) {
        ((CallEnd) Objects.requireNonNull(request.context())).ended(outcome, "");
    }

    private static Request call(SlotId to, @Nullable Grant from, long deadline, CompletableFuture<Outcome<Bytes>> end) {
        CallEnd heard = (outcome, _) -> end.complete(outcome);
        return new Request(1, to, 0, from, deadline, false, List.of(), Bytes.EMPTY, null, Bytes.EMPTY, heard);
    }

    @Test
    void slotsThatAreDrainedTogether_doNotWaitForEachOther_andTheClockGoesOn_rule19() throws Exception {
        try (Loops loops = Loops.start(1)) {
            Plane plane = new Plane(
                    loops.next(),
                    System::nanoTime,
                    PlaneLimits.DEFAULT,
                    (_, _, _) -> _ -> {},
                    _ -> true,
                    draining(),
                    self,
                    this,
                    broken::complete,
                    new SplittableRandom(7));
            long never = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
            var toTwo = new CompletableFuture<Outcome<Bytes>>();
            var toOne = new CompletableFuture<Outcome<Bytes>>();
            plane.submit(call(TWO, new Grant(ONE, 2), never, toTwo));
            plane.submit(call(ONE, new Grant(TWO, 2), never, toOne));
            var marked = new CompletableFuture<Void>();
            plane.mark(new Grant(ONE, 2), () -> marked.complete(null));
            marked.get();
            assertThat(toTwo.get()).isEqualTo(new Outcome.Refused<>(RefusedReason.STOPPED, 0));
            assertThat(toOne).as("its slot has not been flushed yet").isNotDone();
            var markedToo = new CompletableFuture<Void>();
            plane.mark(new Grant(TWO, 2), () -> markedToo.complete(null));
            markedToo.get();
            assertThat(toOne.get()).isEqualTo(new Outcome.Refused<>(RefusedReason.STOPPED, 0));

            var late = new CompletableFuture<Outcome<Bytes>>();
            plane.submit(call(TWO, null, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20), late));
            assertThat(late.get()).isEqualTo(new Outcome.Refused<>(RefusedReason.MOVED, 0));
            assertThat(broken).isNotDone();
        }
    }
}
