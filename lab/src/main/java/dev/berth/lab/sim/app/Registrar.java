package dev.berth.lab.sim.app;

import dev.berth.core.call.Dispatch;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.registry.RegistryFront;
import dev.berth.core.registry.RegistryFrontAction;
import dev.berth.core.registry.RegistryFrontEvent;
import dev.berth.core.registry.RegistryKey;
import dev.berth.core.registry.RegistryLimits;
import dev.berth.core.registry.RegistryMessage;
import dev.berth.core.registry.RegistryOwner;
import dev.berth.core.registry.RegistryOwnerAction;
import dev.berth.core.registry.RegistryOwnerEvent;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.node.MemberProcess;
import dev.berth.lab.sim.node.Surroundings;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// Registry messages are the bodies of calls to registry slots. A front's message is meant for one epoch of the slot,
// which stands in front of the body: a call that followed the slot to its next owner is refused there.

/** One node's part of the registry: its front, and the slots of the registry that it owns. One thread: its process. */
final class Registrar {
    static final String SERVICE = "reg";

    private static final long CALLER = 9;
    private static final long ANSWER_NANOS = 5_000_000_000L;
    private static final long FOR_EVER = 1L << 60;
    private static final int NODE_SHIFT = 48;

    /** What comes back with the end of a front's call. */
    record Asked(long request) {}

    private final Surroundings around;
    private final MemberProcess process;
    private final Toy toy;
    private final CallMachines machines;
    private final RegistryFront front;
    private final Alarm alarm;
    private @Nullable View closedView;
    private final TreeMap<SlotId, RegistryOwner> owners = new TreeMap<>();
    private final TreeMap<SlotId, Dispatch> answering = new TreeMap<>();
    private @Nullable View view;

    Registrar(Surroundings around, MemberProcess process, Toy toy, CallMachines machines) {
        this.around = around;
        this.process = process;
        this.toy = toy;
        this.machines = machines;
        this.alarm = new Alarm(around.agenda(), process, this::ring);
        this.front = machines.front()
                .make(
                        process.self(),
                        SERVICE,
                        this::slotOf,
                        RegistryLimits.DEFAULT,
                        new Dice(around.dice().nextLong()));
    }

    static boolean owns(Grant grant) {
        return grant.slot().service().equals(SERVICE);
    }

    private SlotId slotOf(RegistryKey key) {
        View known = view;
        Service service = known == null ? null : known.service(SERVICE);
        int units = service == null ? 1 : service.plan().units();
        return new SlotId(SERVICE, 1 + Math.floorMod(Arrays.hashCode(key.id().toArray()), units));
    }

    // --- the front

    void installed(View next) {
        view = next;
        owners.values().forEach(owner -> tell(owner, new RegistryOwnerEvent.Installed(next)));
        tell(new RegistryFrontEvent.Installed(next, process.mayAct()));
    }

    void closed(View over) {
        closedView = over;
        owners.values().forEach(owner -> tell(owner, new RegistryOwnerEvent.Closed(over)));
    }

    void excused(long number, List<Incarnation> members) {
        owners.values().forEach(owner -> tell(owner, new RegistryOwnerEvent.Excused(number, members)));
    }

    void suspended() {
        tell(new RegistryFrontEvent.Suspended());
    }

    void resumed() {
        tell(new RegistryFrontEvent.Resumed());
    }

    /** Whether this node believes that it holds the key. */
    boolean holds(RegistryKey key) {
        return front.holds(key);
    }

    void enroll(RegistryKey key, long handle) {
        tell(new RegistryFrontEvent.Enroll(key, handle, Bytes.EMPTY));
    }

    void withdraw(RegistryKey key, long handle) {
        tell(new RegistryFrontEvent.Withdraw(key, handle));
    }

    void find(RegistryKey key, long ticket) {
        tell(new RegistryFrontEvent.Find(ticket, key, process.host().monotonic() + ANSWER_NANOS));
    }

    /** The address of a process of this node. */
    long handle(long number) {
        return ((long) process.self().node().value() << NODE_SHIFT) | number;
    }

    private void ring() {
        front.advance(process.host().monotonic(), this::act);
        alarm.set(front.nextWakeNanos());
    }

    private void tell(RegistryFrontEvent event) {
        front.on(process.host().monotonic(), event, this::act);
        alarm.set(front.nextWakeNanos());
    }

    private void act(RegistryFrontAction action) {
        switch (action) {
            case RegistryFrontAction.Send send -> send(send);
            case RegistryFrontAction.Confirmed confirmed -> {
                trace(confirmed.key(), "CONFIRMED");
                around.checks()
                        .confirmed(
                                process,
                                confirmed.key().toString(),
                                confirmed.handle(),
                                () -> front.holds(confirmed.key()));
            }
            case RegistryFrontAction.Voided voided -> over(voided.key(), voided.handle(), "VOID");
            case RegistryFrontAction.Lost lost ->
                over(lost.key(), lost.handle(), "LOST to " + lost.by().holder());
            case RegistryFrontAction.Withdrawn gone -> over(gone.key(), gone.handle(), "WITHDRAWN");
            case RegistryFrontAction.Declined _,
                    RegistryFrontAction.Resolved _,
                    RegistryFrontAction.Publish _,
                    RegistryFrontAction.Retract _ -> {}
        }
    }

    private void over(RegistryKey key, long handle, String what) {
        trace(key, what);
        around.checks().letGo(process, key.toString(), handle);
    }

    private void trace(RegistryKey key, String what) {
        around.trace().line(process.name(), () -> "key " + key + " " + what);
    }

    private void send(RegistryFrontAction.Send send) {
        boolean oneWay = send.request() == 0;
        byte[] message = Protocol.REGISTRY.encode(send.message());
        byte[] body = ByteBuffer.allocate(Long.BYTES + message.length)
                .putLong(send.to().epoch())
                .put(message)
                .array();
        toy.submit(new Request(
                CALLER,
                send.to().slot(),
                0,
                null,
                process.host().monotonic() + ANSWER_NANOS,
                oneWay,
                List.of(),
                Bytes.EMPTY,
                null,
                Bytes.wrap(body),
                new Asked(send.request())));
    }

    void ended(Asked asked, Outcome<Bytes> outcome) {
        if (asked.request() == 0) {
            return;
        }
        if (outcome instanceof Outcome.Done<Bytes>(Bytes value)
                && read(value.toArray()) instanceof RegistryMessage.Reply reply) {
            tell(new RegistryFrontEvent.Answered(asked.request(), reply));
        } else {
            tell(new RegistryFrontEvent.Failed(asked.request()));
        }
    }

    void noticed(Dispatch dispatch) {
        Grant from = dispatch.call().from();
        if (from != null && read(dispatch.call().body().toArray()) instanceof RegistryMessage.Notice notice) {
            tell(new RegistryFrontEvent.Noticed(from, notice));
        }
    }

    void disconnected(Incarnation peer) {
        owners.values().forEach(owner -> tell(owner, new RegistryOwnerEvent.Disconnected(peer)));
        tell(new RegistryFrontEvent.Disconnected(peer));
    }

    // --- slots of the registry

    void serves(Grant grant) {
        View known = view;
        if (owns(grant) && known != null) {
            RegistryOwner owner = machines.owner().make(grant, known, RegistryLimits.DEFAULT);
            owners.put(grant.slot(), owner);
            if (closedView != null) {
                tell(owner, new RegistryOwnerEvent.Closed(closedView));
            }
        }
    }

    void drops(Grant grant) {
        RegistryOwner owner = owners.get(grant.slot());
        if (owner != null && owner.grant().equals(grant)) {
            owners.remove(grant.slot());
        }
    }

    /** A call to a slot of the registry: answered at once. */
    void called(SlotWork work, Dispatch dispatch) {
        RegistryOwner owner = owners.get(work.grant.slot());
        ByteBuffer body = ByteBuffer.wrap(dispatch.call().body().toArray());
        long epoch = body.getLong();
        if (owner == null || epoch != work.grant.epoch()) {
            toy.answer(dispatch, new Result.Error("Epoch", "meant for epoch " + epoch));
            return;
        }
        byte[] rest = new byte[body.remaining()];
        body.get(rest);
        boolean wantsAnswer = dispatch.call().session() != 0;
        if (read(rest) instanceof RegistryMessage.Request request) {
            answering.put(work.grant.slot(), dispatch);
            tell(owner, new RegistryOwnerEvent.Received(dispatch.peer(), wantsAnswer ? 1 : 0, request));
        }
        if (answering.remove(work.grant.slot()) != null) {
            toy.answer(dispatch, new Result.NotRun(RefusedReason.STOPPED, 0));
        }
    }

    private void tell(RegistryOwner owner, RegistryOwnerEvent event) {
        owner.on(process.host().monotonic(), event, action -> act(owner, action));
    }

    private void act(RegistryOwner owner, RegistryOwnerAction action) {
        switch (action) {
            case RegistryOwnerAction.Answer answer -> {
                Dispatch dispatch = answering.remove(owner.grant().slot());
                if (dispatch == null) {
                    throw new IllegalStateException(owner.grant() + " answers what nobody has asked: " + answer);
                }
                around.trace()
                        .line(
                                process.name(),
                                () -> owner.grant() + " answers " + dispatch.peer() + ": "
                                        + answer.reply().getClass().getSimpleName());
                toy.answer(dispatch, new Result.Value(Bytes.wrap(Protocol.REGISTRY.encode(answer.reply()))));
            }
            case RegistryOwnerAction.Push push ->
                toy.submit(new Request(
                        CALLER,
                        null,
                        ((long) push.to().node().value() << NODE_SHIFT) | 1,
                        owner.grant(),
                        process.host().monotonic() + FOR_EVER,
                        true,
                        List.of(),
                        Bytes.EMPTY,
                        null,
                        Bytes.wrap(Protocol.REGISTRY.encode(push.notice())),
                        null));
            case RegistryOwnerAction.Note note -> around.trace().line(process.name(), note.line());
        }
    }

    private static RegistryMessage read(byte[] bytes) {
        try {
            return Protocol.REGISTRY.decode(bytes, Limits.PEER);
        } catch (WireException e) {
            throw new IllegalStateException("a message of our own is refused", e);
        }
    }
}
