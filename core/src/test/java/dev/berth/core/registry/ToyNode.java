package dev.berth.core.registry;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One life of a node: a lease, a view, a front, the registry slots it owns, and the links' ends. */
final class ToyNode {
    private record Call(long request, Incarnation to, long connection, Grant grant) {}

    private record Held(Incarnation from, Grant to, long request, RegistryMessage.Request message) {}

    final ToyCluster cluster;
    final Incarnation self;
    final RegistryFront front;
    final TreeMap<SlotId, RegistryOwner> owners = new TreeMap<>();
    private final LinkedHashMap<RegistryKey, Long> wanted = new LinkedHashMap<>();
    View view;
    long leaseUntil;
    boolean suspended = true;
    boolean dead;
    long pausedUntil;
    private final TreeMap<Long, Call> calls = new TreeMap<>();
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private final ArrayDeque<Runnable> whileSuspended = new ArrayDeque<>();
    private final TreeMap<Grant, List<Incarnation>> excused = new TreeMap<>();
    private long lastHandle;

    ToyNode(ToyCluster cluster, Incarnation self, View view) {
        this.cluster = cluster;
        this.self = self;
        this.view = view;
        this.front = cluster.makers.front(self, cluster);
        front(new RegistryFrontEvent.Installed(view, false));
    }

    boolean mayAct() {
        return !dead && leaseUntil > cluster.now;
    }

    /** Runs it when the process runs, and never before a lapse has been noticed. */
    void step(Runnable run) {
        if (dead) {
            return;
        }
        if (cluster.now < pausedUntil) {
            cluster.at(pausedUntil, () -> step(run));
            return;
        }
        if (!suspended && !mayAct()) {
            suspended = true;
            cluster.say(() -> self + " SUSPENDED");
            front(new RegistryFrontEvent.Suspended());
        }
        run.run();
    }

    // ---- master

    void beat() {
        long sent = cluster.now;
        long applied = view.number();
        cluster.send(self, Incarnation.NONE, () -> cluster.master.beat(this, sent, applied));
    }

    void answered(long sent, boolean lease, List<View> views) {
        if (lease && sent + ToyCluster.LEASE > leaseUntil) {
            leaseUntil = sent + ToyCluster.LEASE;
            if (suspended && mayAct()) {
                suspended = false;
                cluster.say(() -> self + " RESUMED view=" + view.number());
                front(new RegistryFrontEvent.Resumed());
                List<Runnable> waiting = List.copyOf(whileSuspended);
                whileSuspended.clear();
                waiting.forEach(Runnable::run);
            }
        }
        long before = view.number();
        for (View next : views) {
            if (next.number() == view.number() + 1) {
                install(next);
            }
        }
        if (view.number() > before) {
            beat();
        }
    }

    private void install(View next) {
        view = next;
        cluster.say(() -> self + " installs " + next.number() + (suspended ? " suspended" : ""));
        owners.entrySet().removeIf(each -> !isOurs(each.getValue().grant()));
        for (RegistryOwner owner : owners.values()) {
            owner(owner, new RegistryOwnerEvent.Installed(next));
            // The toy master expels only who has surely lapsed: there the barrier adds nothing.
            owner(owner, new RegistryOwnerEvent.Closed(next));
        }
        Service service = next.service(ToyCluster.SERVICE);
        if (service != null) {
            service.forEachUnit((index, state) -> serve(new SlotId(ToyCluster.SERVICE, index + 1), state));
        }
        front(new RegistryFrontEvent.Installed(next, !suspended));
        for (Call call : List.copyOf(calls.values())) {
            if (!next.lists(call.to())) {
                fail(call);
            }
        }
        release();
    }

    private void serve(SlotId slot, SlotState state) {
        if (state instanceof SlotState.Running running && running.owner().equals(self) && !owners.containsKey(slot)) {
            Grant grant = new Grant(slot, running.epoch());
            RegistryOwner owner = cluster.makers.owner(grant, view);
            owners.put(slot, owner);
            cluster.say(() -> self + " serves " + grant);
            owner(owner, new RegistryOwnerEvent.Closed(view));
            owner(owner, new RegistryOwnerEvent.Excused(grant.epoch(), excused.getOrDefault(grant, List.of())));
        }
    }

    private boolean isOurs(Grant grant) {
        return view.slot(grant.slot()) instanceof SlotState.Running running
                && running.owner().equals(self)
                && running.epoch() == grant.epoch();
    }

    void excuse(Grant grant, List<Incarnation> members) {
        excused.put(grant, members);
        RegistryOwner owner = owners.get(grant.slot());
        if (owner != null && owner.grant().equals(grant)) {
            owner(owner, new RegistryOwnerEvent.Excused(grant.epoch(), members));
        }
    }

    // ---- peers

    /** Rules 13, 16, 17: held while suspended or ahead of the view; refused when the slot is elsewhere. */
    private void called(Incarnation from, Grant to, long request, RegistryMessage.Request message) {
        if (suspended) {
            whileSuspended.add(() -> called(from, to, request, message));
            return;
        }
        SlotState state = view.slot(to.slot());
        long epoch = state == null ? 0 : state.epoch();
        boolean early = from.number() > view.number()
                || epoch < to.epoch()
                || (epoch == to.epoch() && state instanceof SlotState.Offered);
        if (early) {
            held.add(new Held(from, to, request, message));
        } else if (view.lists(from)) {
            RegistryOwner owner = owners.get(to.slot());
            if (owner != null && owner.grant().equals(to)) {
                owner(owner, new RegistryOwnerEvent.Received(from, request, message));
            } else {
                toPeer(from, peer -> peer.failed(request));
            }
        }
    }

    private void release() {
        List<Held> waiting = List.copyOf(held);
        held.clear();
        waiting.forEach(each -> called(each.from(), each.to(), each.request(), each.message()));
    }

    private long toPeer(Incarnation to, Consumer<ToyNode> delivery) {
        return cluster.send(self, to, () -> {
            ToyNode peer = cluster.nodes.get(to.node().value());
            if (peer != null && peer.self.equals(to)) {
                peer.step(() -> delivery.accept(peer));
            }
        });
    }

    /** A reply is not compared with the view here, so that it is seen whether the front itself knows what counts. */
    private void replied(Incarnation from, long request, RegistryMessage.Reply reply) {
        if (suspended) {
            whileSuspended.add(() -> replied(from, request, reply));
        } else if (view.lists(from) && calls.remove(request) != null) {
            front(new RegistryFrontEvent.Answered(request, reply));
        }
    }

    private void noticed(Incarnation from, Grant grant, RegistryMessage.Notice notice) {
        if (suspended) {
            whileSuspended.add(() -> noticed(from, grant, notice));
        } else if (view.lists(from)) {
            front(new RegistryFrontEvent.Noticed(grant, notice));
        }
    }

    private void failed(long request) {
        Call call = calls.get(request);
        if (call != null) {
            fail(call);
        }
    }

    private void fail(Call call) {
        if (calls.remove(call.request()) != null) {
            front(new RegistryFrontEvent.Failed(call.request()));
        }
    }

    void disconnected(Incarnation peer, long renewed) {
        front(new RegistryFrontEvent.Disconnected(peer));
        owners.values().forEach(owner -> owner(owner, new RegistryOwnerEvent.Disconnected(peer)));
        for (Call call : List.copyOf(calls.values())) {
            if (call.to().equals(peer) && call.connection() < renewed) {
                fail(call);
            }
        }
    }

    // ---- machines

    private void owner(RegistryOwner owner, RegistryOwnerEvent event) {
        List<RegistryOwnerAction> actions = new ArrayList<>();
        owner.on(cluster.now, event, actions::add);
        for (RegistryOwnerAction action : actions) {
            switch (action) {
                case RegistryOwnerAction.Answer answer -> {
                    cluster.oracle.count(answer.reply().getClass().getSimpleName());
                    toPeer(answer.to(), peer -> peer.replied(self, answer.request(), answer.reply()));
                }
                case RegistryOwnerAction.Push push -> {
                    cluster.oracle.count(push.notice().getClass().getSimpleName());
                    toPeer(push.to(), peer -> peer.noticed(self, owner.grant(), push.notice()));
                }
                case RegistryOwnerAction.Note note -> cluster.say(() -> self + " " + note.line());
            }
        }
    }

    void front(RegistryFrontEvent event) {
        List<RegistryFrontAction> actions = new ArrayList<>();
        front.on(cluster.now, event, actions::add);
        actions.forEach(this::perform);
    }

    void advance() {
        List<RegistryFrontAction> actions = new ArrayList<>();
        front.advance(cluster.now, actions::add);
        actions.forEach(this::perform);
    }

    private void perform(RegistryFrontAction action) {
        cluster.oracle.count(action.getClass().getSimpleName());
        switch (action) {
            case RegistryFrontAction.Send send -> call(send);
            case RegistryFrontAction.Confirmed confirmed -> cluster.say(() -> self + " " + confirmed);
            case RegistryFrontAction.Voided voided -> cluster.say(() -> self + " " + voided);
            case RegistryFrontAction.Lost lost -> ended(lost.key(), lost.handle(), lost.toString());
            case RegistryFrontAction.Declined declined -> ended(declined.key(), declined.handle(), declined.toString());
            case RegistryFrontAction.Withdrawn gone -> cluster.say(() -> self + " " + gone);
            case RegistryFrontAction.Resolved resolved -> cluster.oracle.resolved(this, resolved);
            case RegistryFrontAction.Publish _, RegistryFrontAction.Retract _ -> {}
        }
    }

    private void ended(RegistryKey key, long handle, String why) {
        cluster.say(() -> self + " " + why);
        wanted.remove(key, handle);
    }

    private void call(RegistryFrontAction.Send send) {
        @Nullable SlotState state = view.slot(send.to().slot());
        if (suspended || state == null) {
            throw new IllegalStateException(self + " sends " + send + " while it may not");
        }
        Incarnation to = state.owner();
        long connection = toPeer(to, peer -> peer.called(self, send.to(), send.request(), send.message()));
        if (send.request() != 0) {
            calls.put(send.request(), new Call(send.request(), to, connection, send.to()));
            cluster.at(cluster.now + ToyCluster.CALL_LIMIT, () -> step(() -> failed(send.request())));
        }
    }

    // ---- the node's processes

    boolean wants(RegistryKey key) {
        return wanted.containsKey(key);
    }

    void enroll(RegistryKey key) {
        if (!wanted.containsKey(key)) {
            long handle = (long) self.node().value() << 48 | ++lastHandle;
            wanted.put(key, handle);
            front(new RegistryFrontEvent.Enroll(key, handle, Bytes.utf8("s" + handle)));
        }
    }

    void withdraw(RegistryKey key) {
        Long handle = wanted.remove(key);
        if (handle != null) {
            cluster.say(() -> self + " withdraws " + key);
            front(new RegistryFrontEvent.Withdraw(key, handle));
        }
    }

    void restate(RegistryKey key, String share) {
        Long handle = wanted.get(key);
        if (handle != null) {
            front(new RegistryFrontEvent.Restate(key, handle, Bytes.utf8(share)));
        }
    }
}
