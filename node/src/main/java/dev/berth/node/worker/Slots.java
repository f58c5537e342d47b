package dev.berth.node.worker;

import dev.berth.core.call.Outcome;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.member.SlotHost;
import dev.berth.node.member.ViewStep;
import dev.berth.node.plane.Work;
import dev.berth.node.store.SlotWriter;
import dev.berth.node.store.StoreClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The slots of a node, each with its runner. Any thread. */
final class Slots implements SlotHost {
    private final Map<String, SlotService> services;
    private final Executor executor;
    private final BooleanSupplier mayAct;
    private final @Nullable StoreClient client;
    private final Listener listener;
    private final Counts counts;
    private final Consumer<Work> processes;
    private volatile long newestView;
    private final Map<SlotId, SlotRunner> runners = new ConcurrentHashMap<>();

    /** What the worker wants to hear of. */
    interface Listener {
        void runDone(Slot slot);

        void installed(View view, List<ViewStep> steps);

        void ended(Request request, Outcome<Bytes> outcome, long call);

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

    void forEachService(Consumer<String> visitor) {
        services.keySet().forEach(visitor);
    }

    /** How many slots of the service run here. */
    long serving(String service) {
        return runners.values().stream()
                .filter(runner -> runner.slot().service().equals(service) && runner.serves())
                .count();
    }

    private @Nullable SlotRunner at(Grant grant) {
        SlotRunner runner = runners.get(grant.slot());
        return runner != null && runner.grant().equals(grant) ? runner : null;
    }

    private void with(Grant grant, Consumer<SlotRunner> what) {
        SlotRunner runner = at(grant);
        if (runner != null) {
            what.accept(runner);
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
        SlotRunner runner =
                new SlotRunner(grant, slot, service, executor, mayAct, writer(grant), counts.answered(name));
        runners.put(grant.slot(), runner);
        runner.load(report);
    }

    private @Nullable SlotWriter writer(Grant grant) {
        return client == null ? null : new SlotWriter(client, grant, () -> newestView);
    }

    @Override
    public void serve(Grant grant) {
        with(grant, SlotRunner::serve);
    }

    @Override
    public void runDone(Grant grant) {
        with(grant, runner -> listener.runDone(runner.slot()));
    }

    @Override
    public void quiesce(Grant grant, Runnable done) {
        SlotRunner runner = at(grant);
        if (runner == null) {
            done.run();
        } else {
            runner.quiesce(done);
        }
    }

    @Override
    public void flush(Grant grant, Report report) {
        SlotRunner runner = at(grant);
        if (runner == null) {
            report.done();
        } else {
            runner.flush(report);
        }
    }

    @Override
    public void drop(Grant grant, String cause) {
        SlotRunner runner = at(grant);
        if (runner != null && runners.remove(grant.slot(), runner)) {
            runner.drop(cause);
        }
    }

    @Override
    public void suspended(String cause) {
        runners.values().forEach(SlotRunner::suspend);
    }

    @Override
    public void resumed() {
        runners.values().forEach(SlotRunner::resume);
    }

    @Override
    public void installed(View view, List<ViewStep> steps) {
        newestView = view.number();
        listener.installed(view, steps);
    }

    @Override
    public void admitted(Work work) {
        Grant to = work.dispatch().call().to();
        SlotRunner runner = to == null ? null : at(to);
        if (runner != null) {
            runner.put(work);
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
    public void over(String cause) {
        runners.values().forEach(runner -> runner.drop(cause));
        runners.clear();
        listener.over(cause);
    }
}
