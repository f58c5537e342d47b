package dev.berth.node.worker;

import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.member.SlotHost;
import dev.berth.node.member.ViewStep;
import dev.berth.node.plane.Work;
import dev.berth.node.store.SlotWriter;
import dev.berth.node.store.StoreClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The slots of a node, and what runs each. Any thread. */
final class Slots implements SlotHost {
    private final Map<String, SlotService> services;
    private final Executor executor;
    private final BooleanSupplier mayAct;
    private final @Nullable StoreClient client;
    private final Listener listener;
    private final Counts counts;
    private final Consumer<Work> processes;
    private volatile long newestView;
    private final Map<SlotId, Run> runs = new ConcurrentHashMap<>();

    private record Run(Grant grant, SlotWork work) {}

    /** What the worker wants to hear of. */
    interface Listener {
        Node node();

        void runDone(Slot slot);

        void installed(View view, List<ViewStep> steps);

        void ended(Request request, Outcome<Bytes> outcome, long call);

        default void disconnected(Incarnation peer) {}

        default void dropped(PeerMessage.Call message) {}

        void over(String cause);
    }

    Slots(
            Map<String, SlotService> services,
            Executor executor,
            BooleanSupplier mayAct,
            @Nullable StoreClient client,
            Listener listener,
            Counts counts,
            Consumer<Work> processes) {
        this.services = Map.copyOf(services);
        this.executor = executor;
        this.mayAct = mayAct;
        this.client = client;
        this.listener = listener;
        this.counts = counts;
        this.processes = processes;
    }

    void measure(MeterRegistry meters) {
        services.values().forEach(service -> {
            if (service instanceof SlotCrew crew) {
                crew.measure(meters);
            }
        });
    }

    void forEachService(Consumer<String> visitor) {
        services.keySet().forEach(visitor);
    }

    /** How many slots of the service run here. */
    long serving(String service) {
        return runs.values().stream()
                .filter(run -> run.grant.slot().service().equals(service) && run.work.serves())
                .count();
    }

    private @Nullable SlotWork at(Grant grant) {
        Run run = runs.get(grant.slot());
        return run != null && run.grant.equals(grant) ? run.work : null;
    }

    private void with(Grant grant, Consumer<SlotWork> what) {
        SlotWork work = at(grant);
        if (work != null) {
            what.accept(work);
        }
    }

    @Override
    public void load(Grant grant, int capacity, Report report) {
        String name = grant.slot().service();
        SlotService service = services.get(name);
        if (service == null) {
            report.failed("this node has no code for service " + name);
            return;
        }
        Slot slot = new Slot(name, grant.slot().number(), capacity, grant.epoch());
        SlotWork work = work(grant, slot, service);
        runs.put(grant.slot(), new Run(grant, work));
        work.load(report);
    }

    private SlotWork work(Grant grant, Slot slot, SlotService service) {
        SlotWriter writer = writer(grant);
        return service instanceof SlotCrew crew
                ? crew.board(new SlotCrew.Deck(listener.node(), grant, slot, writer, client, executor))
                : new SlotRunner(grant, slot, service, executor, mayAct, writer, counts.answered(slot.service()));
    }

    private @Nullable SlotWriter writer(Grant grant) {
        return client == null ? null : new SlotWriter(client, grant, () -> newestView);
    }

    @Override
    public void serve(Grant grant) {
        with(grant, SlotWork::serve);
    }

    @Override
    public void runDone(Grant grant) {
        with(grant, work -> listener.runDone(work.slot()));
    }

    @Override
    public void quiesce(Grant grant, Runnable done) {
        SlotWork work = at(grant);
        if (work == null) {
            done.run();
        } else {
            work.quiesce(done);
        }
    }

    @Override
    public void flush(Grant grant, Report report) {
        SlotWork work = at(grant);
        if (work == null) {
            report.done();
        } else {
            work.flush(report);
        }
    }

    @Override
    public void drop(Grant grant, String cause) {
        SlotWork work = at(grant);
        if (work != null && runs.remove(grant.slot(), new Run(grant, work))) {
            work.drop(cause);
        }
    }

    @Override
    public void suspended(String cause) {
        runs.values().forEach(run -> run.work.suspend());
    }

    @Override
    public void resumed() {
        runs.values().forEach(run -> run.work.resume());
    }

    @Override
    public void installed(View view, List<ViewStep> steps) {
        newestView = view.number();
        listener.installed(view, steps);
    }

    @Override
    public void admitted(Work work) {
        Grant to = work.dispatch().call().to();
        SlotWork slot = to == null ? null : at(to);
        if (slot != null) {
            slot.put(work);
        } else if (to == null) {
            processes.accept(work);
        } else {
            work.returned();
        }
    }

    @Override
    public void ended(Request request, Outcome<Bytes> outcome, long call) {
        listener.ended(request, outcome, call);
    }

    @Override
    public void disconnected(Incarnation peer) {
        listener.disconnected(peer);
    }

    @Override
    public void dropped(PeerMessage.Call message) {
        listener.dropped(message);
    }

    @Override
    public void over(String cause) {
        runs.values().forEach(run -> run.work.drop(cause));
        runs.clear();
        listener.over(cause);
    }
}
