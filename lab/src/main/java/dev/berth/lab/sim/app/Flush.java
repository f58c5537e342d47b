package dev.berth.lab.sim.app;

import dev.berth.core.call.OperationId;
import dev.berth.core.store.Fences.WriteAnswer;
import dev.berth.core.store.OwnerFence;
import dev.berth.lab.sim.node.MemberProcess;
import dev.berth.lab.sim.node.Surroundings;
import dev.berth.lab.sim.store.Append;
import dev.berth.lab.sim.store.Appended;
import dev.berth.lab.sim.store.Store;

/** Makes durable what a draining slot has only in memory; ends when the store has it. One thread: the slot's process. */
final class Flush {
    private static final long OPERATIONS = 1L << 50;

    private final Surroundings around;
    private final MemberProcess process;
    private final Toy toy;
    private final SlotWork work;
    private final Runnable then;
    private final OperationId operation;

    Flush(Surroundings around, MemberProcess process, Toy toy, SlotWork work, Runnable then) {
        this.around = around;
        this.process = process;
        this.toy = toy;
        this.work = work;
        this.then = then;
        this.operation = new OperationId(process.number(), OPERATIONS + work.grant.epoch());
    }

    void begin() {
        if (work.notes == 0) {
            then.run();
        } else {
            toy.whenMayAct(this::write);
        }
    }

    private void write() {
        SlotWork.Counter counter = work.counter(SlotWork.NOTES);
        OwnerFence fence = process.slots().of(work.grant);
        if (work.dropped || fence == null || fence.isLost()) {
            return;
        }
        if (counter.operations.containsKey(operation)) {
            work.notes = 0;
            then.run();
        } else if (!fence.mayWrite()) {
            process.slots().assertFence(work.grant, () -> toy.whenMayAct(this::write), _ -> {});
        } else {
            around.checks().acts(process, "flush");
            Append append = new Append(work.grant, SlotWork.NOTES, operation, work.notes, counter.version);
            around.store().append(process, append, new Store.Ask<>(answer -> written(fence, answer), this::reload));
        }
    }

    private void written(OwnerFence fence, Appended appended) {
        WriteAnswer answer = appended.answer();
        fence.wrote(answer, process.applied());
        if (appended.isDone() || answer instanceof WriteAnswer.Accepted) {
            reload();
        } else {
            toy.whenMayAct(this::write);
        }
    }

    /** What the store has tells what became of the write; the fence comes first (rule 26). */
    private void reload() {
        if (process.slots().of(work.grant) != null) {
            process.slots()
                    .assertFence(
                            work.grant,
                            () -> process.slots().load(work.grant, (_, content) -> {
                                work.load(content);
                                toy.whenMayAct(this::write);
                            }),
                            _ -> {});
        }
    }
}
