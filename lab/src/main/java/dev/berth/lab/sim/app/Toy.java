package dev.berth.lab.sim.app;

import dev.berth.core.audit.Answers;
import dev.berth.core.audit.Count;
import dev.berth.core.call.Dispatch;
import dev.berth.core.call.Judge;
import dev.berth.core.call.OperationId;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.core.registry.RegistryKey;
import dev.berth.core.wire.Bytes;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.net.Ear;
import dev.berth.lab.sim.net.Frame;
import dev.berth.lab.sim.net.Line;
import dev.berth.lab.sim.node.MemberProcess;
import dev.berth.lab.sim.node.Plane;
import dev.berth.lab.sim.node.Surroundings;
import dev.berth.lab.sim.store.Loaded;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// A slot runs one message at a time. A handler thinks for a while, writes under the slot's fence, perhaps calls
// another slot, and answers; it may find at any point that the node was suspended meanwhile, and then waits, or that
// the slot is gone.

/** The application of one node. One thread: its process. */
public final class Toy implements Plane, Traffic.Handler {
    private final Surroundings around;
    private final MemberProcess process;
    private final CallMachines machines;
    private final Dice dice;
    private final TreeMap<SlotId, SlotWork> slots = new TreeMap<>();
    private final ArrayDeque<Runnable> untilResumed = new ArrayDeque<>();
    private final Handlers handlers;
    private final ArrayDeque<Dispatch> notices = new ArrayDeque<>();
    private @Nullable View latest;
    private @Nullable Traffic traffic;
    private @Nullable Registrar registrar;
    private boolean over;

    public Toy(Surroundings around, MemberProcess process, CallMachines machines) {
        this.around = around;
        this.process = process;
        this.machines = machines;
        this.dice = new Dice(around.dice().nextLong());
        this.handlers = new Handlers(around, process, this, dice);
    }

    /** Calls of this node that have not ended. */
    public int inFlight() {
        Traffic there = traffic;
        return there == null ? 0 : there.inFlight();
    }

    @Nullable
    View view() {
        return latest;
    }

    @Override
    public void install(View view, List<Incarnation> expelled) {
        latest = view;
        Traffic there = traffic;
        if (there != null) {
            there.install(view);
        }
        if (registrar == null && view.service(Registrar.SERVICE) != null) {
            registrar = new Registrar(around, process, this, machines);
        }
        Registrar registry = registrar;
        if (registry != null) {
            registry.installed(view);
        }
    }

    @Override
    public void close(View view) {
        Registrar registry = registrar;
        if (registry != null) {
            registry.closed(view);
        }
    }

    @Override
    public void excuse(long view, List<Incarnation> members) {
        Registrar registry = registrar;
        if (registry != null) {
            registry.excused(view, members);
        }
    }

    /** Made when the node first has something to say, or is spoken to: most nodes of a large cluster never are. */
    private @Nullable Traffic traffic() {
        View view = latest;
        if (traffic == null && view != null) {
            Traffic made = new Traffic(around, process, machines, view, this);
            traffic = made;
            slots.values().stream().filter(work -> work.serving).forEach(work -> made.serving(work.grant));
        }
        return traffic;
    }

    /** A process of this node wants a key of the registry. */
    public void enroll(RegistryKey key) {
        Registrar registry = registrar;
        if (registry != null) {
            registry.enroll(key, registry.handle(1));
        }
    }

    public void withdraw(RegistryKey key) {
        Registrar registry = registrar;
        if (registry != null) {
            registry.withdraw(key, registry.handle(1));
        }
    }

    public boolean has(RegistryKey key) {
        Registrar registry = registrar;
        return registry != null && registry.holds(key);
    }

    /** This node's part of the registry, once it is listed. */
    @Nullable
    Registrar registrar() {
        return registrar;
    }

    @Override
    public Ear accept(Line line) {
        Traffic there = traffic();
        return there == null ? new Deaf() : there.accept(line);
    }

    /** A node that has no view yet cannot know who calls. */
    private static final class Deaf implements Ear {
        @Override
        public void opened(Line line) {
            line.close("not listed yet");
        }

        @Override
        public void heard(Line line, Frame frame) {}

        @Override
        public void closed(Line line, String cause) {}
    }

    @Override
    public void suspend() {
        Registrar registry = registrar;
        if (registry != null) {
            registry.suspended();
        }
    }

    @Override
    public void resume() {
        Registrar registry = registrar;
        if (registry != null) {
            registry.resumed();
        }
        List<Runnable> waiting = new ArrayList<>(untilResumed);
        untilResumed.clear();
        waiting.forEach(Runnable::run);
        Traffic there = traffic;
        if (there != null) {
            there.resume();
        }
        List.copyOf(slots.values()).forEach(this::work);
        readNotices();
    }

    /** Runs it now, or as soon as the node may act again. */
    void whenMayAct(Runnable step) {
        if (process.mayAct()) {
            step.run();
        } else if (!over) {
            untilResumed.addLast(step);
        }
    }

    @Override
    public void loaded(Grant grant, SortedMap<Integer, Loaded> content) {
        SlotWork work = new SlotWork(grant);
        work.load(content);
        around.checks().loaded(grant, work.allNotes());
        slots.put(grant.slot(), work);
    }

    @Override
    public void serve(Grant grant) {
        SlotWork work = slot(grant);
        Registrar registry = registrar;
        Traffic there = traffic;
        if (work != null) {
            work.serving = true;
            if (registry != null) {
                registry.serves(grant);
            }
            if (there != null) {
                there.serving(grant);
            }
        }
    }

    @Override
    public void drop(Grant grant) {
        SlotWork work = slot(grant);
        if (work == null) {
            return;
        }
        work.dropped = true;
        slots.remove(grant.slot());
        if (registrar != null) {
            registrar.drops(grant);
        }
        Traffic there = traffic;
        if (there != null) {
            there.withdrawn(grant);
            work.mailbox.forEach(there::returned);
        }
    }

    @Override
    public void quiesce(Grant grant, Runnable then) {
        SlotWork work = slot(grant);
        Traffic there = traffic;
        if (work == null) {
            then.run();
            return;
        }
        work.serving = false;
        if (there != null) {
            there.withdrawn(grant);
        }
        work(work);
        work.stop(then);
    }

    /** Operations are durable before they are answered; only notes are left to flush. */
    @Override
    public void flush(Grant grant, Runnable then) {
        SlotWork work = slot(grant);
        if (work == null) {
            then.run();
        } else {
            new Flush(around, process, this, work, then).begin();
        }
    }

    @Override
    public void released(Grant grant) {
        SlotWork work = slot(grant);
        if (work != null) {
            around.checks().released(grant, work.allNotes());
        }
    }

    @Override
    public void mark(Grant grant, Runnable then) {
        Traffic there = traffic;
        if (there == null) {
            then.run();
        } else {
            there.mark(grant, then);
        }
    }

    @Override
    public void ended() {
        over = true;
        Traffic there = traffic;
        if (there != null) {
            there.stop();
        }
    }

    @Nullable
    SlotWork slot(Grant grant) {
        SlotWork work = slots.get(grant.slot());
        return work != null && work.grant.equals(grant) ? work : null;
    }

    // --- calls in

    @Override
    public void dispatched(Dispatch dispatch) {
        Grant to = dispatch.call().to();
        if (to == null) {
            notices.addLast(dispatch);
            around.agenda().in(1_000L + dice.nextLong(200_000L), () -> process.post(this::readNotices));
            return;
        }
        SlotWork work = slot(to);
        if (work == null) {
            answer(dispatch, new Result.NotRun(RefusedReason.MOVED, 0));
            return;
        }
        work.mailbox.addLast(dispatch);
        // Never at once: a process takes its messages when it gets to run.
        around.agenda().in(1_000L + dice.nextLong(200_000L), () -> process.post(() -> work(work)));
    }

    private void readNotices() {
        Traffic there = traffic;
        Registrar registry = registrar;
        while (there != null && registry != null && !notices.isEmpty()) {
            Dispatch dispatch = notices.getFirst();
            Judge.Verdict verdict = there.judge(dispatch);
            if (verdict == Judge.Verdict.NOT_NOW) {
                return;
            }
            notices.removeFirst();
            if (verdict == Judge.Verdict.RUN) {
                admit(dispatch, "a notice");
                there.taken(dispatch);
                registry.noticed(dispatch);
            } else {
                there.returned(dispatch);
            }
        }
    }

    private void admit(Dispatch dispatch, String what) {
        around.checks().acts(process, "dispatch");
        around.checks().admitted(process, dispatch.peer(), dispatch.call().from(), what);
    }

    void work(SlotWork work) {
        Traffic there = traffic;
        Registrar registry = registrar;
        while (there != null && !work.busy && !work.mailbox.isEmpty()) {
            Dispatch dispatch = work.mailbox.getFirst();
            switch (there.judge(dispatch)) {
                case NOT_NOW -> {
                    return;
                }
                case RUN -> {
                    work.mailbox.removeFirst();
                    admit(dispatch, "a call");
                    around.checks().handles(process, work.grant);
                    there.taken(dispatch);
                    if (registry != null && Registrar.owns(work.grant)) {
                        registry.called(work, dispatch);
                    } else {
                        around.trace().line(process.name(), () -> "admits " + words(dispatch));
                        handlers.run(work, dispatch);
                    }
                }
                case HOLD, AWAIT_SLOT, DROP, MOVED, TIMED_OUT -> {
                    work.mailbox.removeFirst();
                    there.returned(dispatch);
                }
            }
        }
    }

    private static String words(Dispatch dispatch) {
        Grant from = dispatch.call().from();
        return dispatch.call().body().utf8() + " for " + dispatch.call().to() + " of " + dispatch.peer()
                + (from == null ? "" : " from " + from);
    }

    void answer(Dispatch dispatch, Result result) {
        Traffic there = traffic;
        if (there != null) {
            there.answer(dispatch, result);
        }
    }

    // --- calls out

    void submit(Request request) {
        Traffic there = traffic();
        if (there != null && !over) {
            if (request.context() instanceof Attempt attempt && !request.oneWay()) {
                attempt.asked = around.checks().asked(process, attempt.slot, attempt.key, attempt.operation);
            }
            there.submit(request);
        }
    }

    @Override
    public void ended(Request request, Outcome<Bytes> outcome) {
        Registrar registry = registrar;
        if (request.context() instanceof Registrar.Asked asked && registry != null && !over) {
            registry.ended(asked, outcome);
        }
        if (!(request.context() instanceof Attempt attempt) || over) {
            return;
        }
        around.trace().line(process.name(), () -> "its call of " + attempt.slot + " ends: " + outcome);
        boolean done = outcome instanceof Outcome.Done<Bytes>;
        Incarnation peer = attempt.lastPeer;
        if (done && !request.oneWay() && peer != null) {
            around.checks().acts(process, "deliver a reply");
            around.checks().admitted(process, peer, attempt.lastGrant, "a reply");
        }
        OperationId operation = attempt.operation;
        if (done && operation != null && !request.oneWay()) {
            around.checks().acknowledged(around.store(), process.name(), attempt.slot, attempt.key, operation);
        }
        Answers.Asked asked = attempt.asked;
        if (asked != null && outcome instanceof Outcome.Done<Bytes>(Bytes answer)) {
            around.checks().answered(attempt.slot, asked, Count.of(answer));
        }
        attempt.ended.accept(done);
    }

    @Override
    public void disconnected(Incarnation peer) {
        Registrar registry = registrar;
        if (registry != null && !over) {
            registry.disconnected(peer);
        }
    }
}
