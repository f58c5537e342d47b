package dev.berth.lab.sim.app;

import dev.berth.core.audit.Count;
import dev.berth.core.call.Dispatch;
import dev.berth.core.call.OperationId;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.Fences.WriteAnswer;
import dev.berth.core.store.OwnerFence;
import dev.berth.core.wire.Bytes;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.node.MemberProcess;
import dev.berth.lab.sim.node.Surroundings;
import dev.berth.lab.sim.store.Append;
import dev.berth.lab.sim.store.Appended;
import dev.berth.lab.sim.store.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What slots do with calls. One thread: their process. */
final class Handlers {
    private static final long MILLI = 1_000_000L;
    private static final long NESTED = 1L << 40;

    private final Surroundings around;
    private final MemberProcess process;
    private final Toy toy;
    private final Dice dice;

    Handlers(Surroundings around, MemberProcess process, Toy toy, Dice dice) {
        this.around = around;
        this.process = process;
        this.toy = toy;
        this.dice = dice;
    }

    /** One call while it is being handled. */
    private final class Run {
        final SlotWork work;
        final Dispatch dispatch;
        final Job job;
        final @Nullable OperationId operation;
        private boolean holds;

        Run(SlotWork work, Dispatch dispatch) {
            this.work = work;
            this.dispatch = dispatch;
            this.job = Job.of(dispatch.call().body());
            this.operation = dispatch.call().operation();
        }

        /** The slot takes no other message meanwhile. */
        void hold() {
            holds = true;
            work.busy = true;
        }

        /** Another one may have the slot by now. */
        void letGo() {
            if (holds) {
                holds = false;
                work.busy = false;
            }
        }

        void later(Runnable step) {
            long think = dice.oneIn(50) ? dice.spread(10 * MILLI, 3_000 * MILLI) : dice.spread(MILLI / 10, 20 * MILLI);
            around.agenda().in(think, () -> process.post(() -> toy.whenMayAct(step)));
        }
    }

    void run(SlotWork work, Dispatch dispatch) {
        Run run = new Run(work, dispatch);
        work.begun();
        if (run.job.kind() == Job.Kind.GET) {
            finish(run, value(run, work.counter(run.job.key()).value));
            return;
        }
        if (run.operation == null) {
            work.notes++;
            finish(run, new Result.Value(Bytes.EMPTY));
            return;
        }
        run.hold();
        run.later(() -> write(run, run.operation));
    }

    private static Result.Value value(Run run, long number) {
        return new Result.Value(new Count(number, run.work.grant.epoch()).bytes());
    }

    /** Writes the effect, unless the slot knows that it has been written. */
    private void write(Run run, OperationId operation) {
        SlotWork.Counter counter = run.work.counter(run.job.key());
        Long place = counter.operations.get(operation);
        if (run.work.dropped) {
            finish(run, new Result.Error("Gone", "the slot was lost while the call ran"));
        } else if (place != null) {
            written(run, operation, place);
        } else {
            OwnerFence fence = process.slots().of(run.work.grant);
            if (fence == null || fence.isLost()) {
                finish(run, new Result.NotRun(RefusedReason.MOVED, 0));
            } else if (!fence.mayWrite()) {
                process.slots().assertFence(run.work.grant, () -> again(run, operation), _ -> again(run, operation));
            } else {
                append(run, operation, counter, fence);
            }
        }
    }

    private void again(Run run, OperationId operation) {
        toy.whenMayAct(() -> write(run, operation));
    }

    private void append(Run run, OperationId operation, SlotWork.Counter counter, OwnerFence fence) {
        around.checks().acts(process, "store write");
        Append append = new Append(run.work.grant, run.job.key(), operation, 1, counter.version);
        around.store()
                .append(
                        process,
                        append,
                        new Store.Ask<>(
                                appended -> toy.whenMayAct(() -> appended(run, operation, counter, fence, appended)),
                                () -> reload(run, operation)));
    }

    private void appended(
            Run run, OperationId operation, SlotWork.Counter counter, OwnerFence fence, Appended appended) {
        WriteAnswer answer = appended.answer();
        fence.wrote(answer, process.applied());
        if (appended.isDone()) {
            long place = counter.done(operation);
            counter.version++;
            counter.value++;
            written(run, operation, place);
        } else if (answer instanceof WriteAnswer.Accepted) {
            reload(run, operation);
        } else {
            write(run, operation);
        }
    }

    /**
     * Nobody knows what the store has: only reading it again tells. It may show what a fail-over would still undo, so the
     * fence comes first (rule 26): what was written before a durable fence is durable.
     */
    private void reload(Run run, OperationId operation) {
        Grant grant = run.work.grant;
        if (process.slots().of(grant) == null) {
            again(run, operation);
            return;
        }
        process.slots()
                .assertFence(
                        grant,
                        () -> process.slots().load(grant, (_, content) -> {
                            run.work.load(content);
                            again(run, operation);
                        }),
                        _ -> again(run, operation));
    }

    private void written(Run run, OperationId operation, long place) {
        run.letGo();
        SlotId next = run.job.next();
        Result.Value value = value(run, place);
        OperationId nested = new OperationId(operation.client(), operation.counter() + NESTED);
        switch (run.job.kind()) {
            case ADD, NOTE, GET -> finish(run, value);
            case ADD_AND_SEND -> {
                if (next != null) {
                    Job note = new Job(Job.Kind.NOTE, 0, null);
                    toy.submit(request(run, next, note, nested, _ -> {}).withoutOperation());
                }
                finish(run, value);
            }
            case ADD_AND_CALL -> {
                if (next == null) {
                    finish(run, value);
                } else {
                    Job add = new Job(Job.Kind.ADD, run.job.key(), null);
                    toy.submit(request(
                                    run,
                                    next,
                                    add,
                                    nested,
                                    done -> finish(
                                            run,
                                            done ? value : new Result.Error("Nested", "the call in the call failed")))
                            .call());
                }
            }
        }
        toy.work(run.work);
    }

    /** A request of a slot, still undecided between a call and a one-way message. */
    private record Prepared(Request call) {
        Request withoutOperation() {
            return new Request(
                    call.caller(),
                    call.to(),
                    0,
                    call.from(),
                    call.deadlineNanos(),
                    true,
                    call.chain(),
                    call.trace(),
                    null,
                    call.body(),
                    call.context());
        }
    }

    private Prepared request(
            Run run, SlotId to, Job job, OperationId operation, java.util.function.Consumer<Boolean> ended) {
        return new Prepared(new Request(
                1,
                to,
                0,
                run.work.grant,
                run.dispatch.deadlineNanos(),
                false,
                List.of(),
                Bytes.EMPTY,
                operation,
                job.body(),
                new Attempt(to, job.key(), operation, ended)));
    }

    private void finish(Run run, Result result) {
        run.letGo();
        toy.answer(run.dispatch, result);
        run.work.ended();
        toy.work(run.work);
    }
}
