package dev.berth.lab.sim.app;

import dev.berth.core.call.OperationId;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.node.MemberProcess;
import dev.berth.lab.sim.node.Surroundings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whoever uses the cluster: a stream of operations from one node. One thread: its process. */
public final class Gate {
    private static final long MILLI = 1_000_000L;
    private static final int KEYS = 4;
    private static final int TRIES = 4;
    private static final int FAVOURITES = 12;

    private final Surroundings around;
    private final MemberProcess process;
    private final Toy toy;
    private final long paceNanos;
    private final Dice dice;
    private final List<SlotId> favourites = new ArrayList<>();
    private long operations;
    private boolean closed;

    /** @param paceNanos between two operations, on average */
    public Gate(Surroundings around, MemberProcess process, Toy toy, long paceNanos) {
        this.around = around;
        this.process = process;
        this.toy = toy;
        this.paceNanos = paceNanos;
        this.dice = new Dice(around.dice().nextLong());
    }

    public void open() {
        around.agenda().in(1 + dice.nextLong(2 * paceNanos), () -> process.post(this::next));
    }

    /** Nothing new from now on. */
    public void close() {
        closed = true;
    }

    private void next() {
        if (closed) {
            return;
        }
        View view = toy.view();
        if (view != null) {
            begin(view);
        }
        open();
    }

    private void begin(View view) {
        SlotId slot = target(view);
        if (slot == null) {
            return;
        }
        Job.Kind kind = dice.pick(List.of(Job.Kind.values()));
        SlotId other = kind == Job.Kind.ADD_AND_CALL || kind == Job.Kind.ADD_AND_SEND ? target(view) : null;
        Job job = new Job(kind, dice.nextInt(KEYS), other);
        OperationId operation = new OperationId(process.number(), ++operations);
        ask(slot, job, operation, TRIES);
    }

    private @Nullable SlotId target(View view) {
        if (favourites.size() < FAVOURITES) {
            List<Service> services = new ArrayList<>(view.services().values());
            services.removeIf(
                    service -> !service.name().equals("role") && !service.name().equals("bag"));
            if (services.isEmpty()) {
                return null;
            }
            Service service = dice.pick(services);
            favourites.add(
                    new SlotId(service.name(), 1 + dice.nextInt(service.plan().units())));
        }
        return dice.pick(favourites);
    }

    /** A client that hears "unknown" or "refused" asks again for the same operation. */
    private void ask(SlotId slot, Job job, OperationId operation, int tries) {
        long deadline = process.host().monotonic() + dice.spread(200 * MILLI, 10_000 * MILLI);
        boolean oneWay = job.kind() == Job.Kind.NOTE;
        boolean adds = !oneWay && job.kind() != Job.Kind.GET;
        Attempt attempt = new Attempt(slot, job.key(), adds ? operation : null, done -> {
            if (!done && !oneWay && tries > 1 && !closed) {
                around.agenda().in(100 * MILLI, () -> process.post(() -> ask(slot, job, operation, tries - 1)));
            }
        });
        toy.submit(new Request(
                1 + dice.nextInt(4),
                slot,
                0,
                null,
                deadline,
                oneWay,
                List.of(),
                Bytes.EMPTY,
                adds ? operation : null,
                job.body(),
                attempt));
    }
}
