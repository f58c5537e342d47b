package dev.berth.node.coordinator;

import dev.berth.core.cluster.Durable;
import dev.berth.core.cluster.MasterAction;
import dev.berth.core.cluster.MasterEvent;
import java.util.function.Predicate;

/** Looks at a cluster's record from outside. One thread. */
final class Records implements AutoCloseable {
    private final Coordinator coordinator;
    private final Eventually<MasterEvent> answers = new Eventually<>();

    Records(CoordinatorConfig where) {
        coordinator = new Coordinator(where, "records", _ -> {}, failure -> {
            throw new AssertionError(failure);
        });
        coordinator.start();
    }

    /** Reads again and again, each time when the read before has been answered. */
    Durable await(String what, Predicate<? super Durable> fits) throws InterruptedException {
        long end = System.nanoTime() + Eventually.LIMIT.toNanos();
        MasterEvent last = null;
        while (System.nanoTime() < end) {
            coordinator.read(new MasterAction.Read(1), answers::add);
            last = answers.await("an answer", _ -> true);
            if (last instanceof MasterEvent.WasRead read && fits.test(read.durable())) {
                return read.durable();
            }
        }
        throw new AssertionError(what + " does not come; last: " + last);
    }

    Durable awaitLeader(String name) throws InterruptedException {
        return await(name + " as leader", durable -> durable.term().leader().equals(name));
    }

    Durable awaitRenewal() throws InterruptedException {
        Durable now = await("a record", _ -> true);
        return await("a renewal", durable -> durable.termVersion() > now.termVersion());
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
