package dev.berth.lab.sim.app;

import dev.berth.core.call.OperationId;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.wire.Bytes;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A single call or message that a script wants made. One thread: the sender's process. */
public record Errand(@Nullable Grant from, SlotId to, int key, OperationId operation, long deadlineNanos) {
    /** A call that adds one, and then has a message sent to another slot, if {@code next} names one. */
    public void call(Toy toy, @Nullable SlotId next, Consumer<Boolean> ended) {
        Job.Kind kind = next == null ? Job.Kind.ADD : Job.Kind.ADD_AND_SEND;
        toy.submit(request(new Job(kind, key, next), operation, ended));
    }

    /** A call that asks for the number. */
    public void read(Toy toy, Consumer<Boolean> ended) {
        toy.submit(request(new Job(Job.Kind.GET, key, null), null, ended));
    }

    /** A one-way message. */
    public void send(Toy toy) {
        toy.submit(request(new Job(Job.Kind.NOTE, key, null), null, _ -> {}));
    }

    private Request request(Job job, @Nullable OperationId effect, Consumer<Boolean> ended) {
        boolean oneWay = job.kind() == Job.Kind.NOTE;
        Attempt attempt = new Attempt(to, key, effect, ended);
        return new Request(1, to, 0, from, deadlineNanos, oneWay, List.of(), Bytes.EMPTY, effect, job.body(), attempt);
    }
}
