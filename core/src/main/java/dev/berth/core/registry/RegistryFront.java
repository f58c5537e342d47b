package dev.berth.core.registry;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

// A front owns what its node has registered; the owner of a registry slot only keeps the order between nodes. When
// that owner is replaced, the fronts tell the next one what they hold, and go on holding it meanwhile: that is
// safe because the next one gives nothing away before it has heard from everybody. The exception is a front whose
// lease lapsed. The next owner may have stopped waiting for it, so it holds only what the current epoch has
// confirmed, and asks for the rest again (rule 24).

/** The one front of a node to the registry: its own entries, and what it has looked up. */
public class RegistryFront implements Machine<RegistryFrontEvent, RegistryFrontAction> {
    private record Wake(long atNanos, SlotId slot) implements Comparable<Wake> {
        @Override
        public int compareTo(Wake other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : slot.compareTo(other.slot);
        }
    }

    private final Incarnation self;
    private final String serviceName;
    private final Function<RegistryKey, SlotId> slotOf;
    private final RegistryLimits limits;
    private final RandomGenerator random;

    private final TreeMap<SlotId, FrontSlot> slots = new TreeMap<>();
    private final TreeMap<Long, FrontSlot> slotOfRequest = new TreeMap<>();
    private final TreeSet<Wake> retries = new TreeSet<>();
    private final LookupDesk desk = new LookupDesk();
    private @Nullable View view;
    private @Nullable Service service;
    private boolean suspended = true;
    private int ownCount;
    private long lastStamp;
    private long lastRequest;

    /**
     * @param serviceName the service that the registry is partitioned over
     * @param slotOf the slot, or bucket, that owns a key; the same on every node, and for as long as the service exists
     */
    public RegistryFront(
            Incarnation self,
            String serviceName,
            Function<RegistryKey, SlotId> slotOf,
            RegistryLimits limits,
            RandomGenerator random) {
        this.self = self;
        this.serviceName = serviceName;
        this.slotOf = slotOf;
        this.limits = limits;
        this.random = random;
    }

    /** Whether this node's process may act as the holder of the key, provided that the node may act at all (rules 12, 24). */
    public boolean holds(RegistryKey key) {
        @Nullable OwnEntry entry = own(key);
        return entry != null && entry.isHeld();
    }

    /** The entry, if it is known here: the cost of a local table, no network (S1.14, S1.31). */
    public @Nullable RegistryEntry known(RegistryKey key) {
        @Nullable OwnEntry entry = own(key);
        return entry != null && entry.isHeld() ? entry.entry(self) : desk.cached(key);
    }

    public int ownCount() {
        return ownCount;
    }

    private @Nullable OwnEntry own(RegistryKey key) {
        @Nullable FrontSlot slot = slots.get(slotOf.apply(key));
        return slot == null ? null : slot.own.get(key);
    }

    @Override
    public void on(long nowNanos, RegistryFrontEvent event, Outbox<RegistryFrontAction> out) {
        switch (event) {
            case RegistryFrontEvent.Installed installed -> install(nowNanos, installed, out);
            case RegistryFrontEvent.Suspended _ -> suspend(out);
            case RegistryFrontEvent.Resumed _ -> resume(nowNanos, out);
            case RegistryFrontEvent.Enroll enroll -> enroll(nowNanos, enroll, out);
            case RegistryFrontEvent.Restate restate -> restate(nowNanos, restate, out);
            case RegistryFrontEvent.Withdraw withdraw -> withdraw(nowNanos, withdraw, out);
            case RegistryFrontEvent.Find find -> find(nowNanos, find, out);
            case RegistryFrontEvent.Doubt doubt -> doubt(doubt, out);
            case RegistryFrontEvent.Answered answered -> answered(nowNanos, answered, out);
            case RegistryFrontEvent.Failed failed -> failed(nowNanos, failed.request());
            case RegistryFrontEvent.Noticed noticed -> noticed(noticed, out);
            case RegistryFrontEvent.Disconnected gone -> disconnected(nowNanos, gone.peer(), out);
        }
    }

    @Override
    public void advance(long nowNanos, Outbox<RegistryFrontAction> out) {
        for (Long ticket = desk.expire(nowNanos); ticket != null; ticket = desk.expire(nowNanos)) {
            out.add(new RegistryFrontAction.Resolved(ticket, new RegistryLookup.Unknown(RegistryRefusal.TIMED_OUT)));
        }
        while (!retries.isEmpty() && retries.first().atNanos() <= nowNanos) {
            FrontSlot slot = slot(retries.removeFirst().slot());
            slot.sayDeferred();
            pump(nowNanos, slot, out);
        }
    }

    @Override
    public long nextWakeNanos() {
        return Math.min(
                desk.nextDeadlineNanos(),
                retries.isEmpty() ? NEVER : retries.first().atNanos());
    }

    private FrontSlot slot(SlotId id) {
        return slots.computeIfAbsent(id, FrontSlot::new);
    }

    // ---- the view and the lease

    private void install(long nowNanos, RegistryFrontEvent.Installed installed, Outbox<RegistryFrontAction> out) {
        if (!installed.mayAct()) {
            suspend(out);
        }
        View next = installed.view();
        view = next;
        @Nullable Service newer = next.service(serviceName);
        if (newer != null && newer != service) {
            newer.forEachUnit((index, state) -> follow(nowNanos, new SlotId(serviceName, index + 1), state, out));
            service = newer;
        }
        for (RegistryKey orphan : desk.orphans(next)) {
            retract(slot(slotOf.apply(orphan)), orphan, out);
        }
        if (installed.mayAct()) {
            resume(nowNanos, out);
        }
    }

    private void follow(long nowNanos, SlotId id, SlotState state, Outbox<RegistryFrontAction> out) {
        if (state.epoch() == 0 && !slots.containsKey(id)) {
            return;
        }
        FrontSlot slot = slot(id);
        if (slot.follow(state)) {
            forgetConversation(slot, out);
            for (OwnEntry entry : List.copyOf(slot.own.values())) {
                if (entry.isLeaving()) {
                    // The new owner never hears of it: there is nothing left to deregister from.
                    remove(slot, entry);
                    out.add(new RegistryFrontAction.Withdrawn(entry.key, entry.handle));
                }
            }
            if (suspended) {
                voidUnconfirmed(slot, out);
            }
            slot.unasked().forEach(desk::resetFloor);
            slot.startReport();
        }
        pump(nowNanos, slot, out);
    }

    /** Rule 24: called when the lease has lapsed, and for each new epoch that is learned of while it has. */
    private void voidUnconfirmed(FrontSlot slot, Outbox<RegistryFrontAction> out) {
        if (!voidsAfterLapse()) {
            return;
        }
        for (OwnEntry entry : slot.own.values()) {
            if (entry.isHeld() && !entry.isConfirmedUnder(slot.epoch())) {
                voidEntry(slot, entry, out);
            }
        }
    }

    private void voidEntry(FrontSlot slot, OwnEntry entry, Outbox<RegistryFrontAction> out) {
        entry.voided();
        slot.say(entry);
        out.add(new RegistryFrontAction.Voided(entry.key, entry.handle));
    }

    private void suspend(Outbox<RegistryFrontAction> out) {
        if (suspended) {
            return;
        }
        suspended = true;
        for (FrontSlot slot : slots.values()) {
            forgetConversation(slot, out);
            voidUnconfirmed(slot, out);
        }
    }

    private void resume(long nowNanos, Outbox<RegistryFrontAction> out) {
        if (suspended) {
            suspended = false;
            slots.values().forEach(slot -> pump(nowNanos, slot, out));
        }
    }

    /** No answer to what was asked counts any more, and no change of what was looked up need have been heard. */
    private void forgetConversation(FrontSlot slot, Outbox<RegistryFrontAction> out) {
        if (forgetsRequests()) {
            slot.forgetRequests().forEach(slotOfRequest::remove);
        }
        for (RegistryKey key : List.copyOf(slot.cached)) {
            retract(slot, key, out);
        }
    }

    private void disconnected(long nowNanos, Incarnation peer, Outbox<RegistryFrontAction> out) {
        for (FrontSlot slot : slots.values()) {
            if (slot.owner.equals(peer)) {
                forgetConversation(slot, out);
                retryLater(nowNanos, slot);
            }
        }
    }

    // ---- what the node's processes want

    private void enroll(long nowNanos, RegistryFrontEvent.Enroll enroll, Outbox<RegistryFrontAction> out) {
        FrontSlot slot = slot(slotOf.apply(enroll.key()));
        @Nullable OwnEntry before = slot.own.get(enroll.key());
        @Nullable RegistryRefusal refusal = refusal(before, enroll);
        if (refusal != null) {
            out.add(new RegistryFrontAction.Declined(enroll.key(), enroll.handle(), refusal));
            return;
        }
        if (before != null && !before.isLeaving()) {
            restate(nowNanos, new RegistryFrontEvent.Restate(enroll.key(), enroll.handle(), enroll.share()), out);
            return;
        }
        OwnEntry entry = new OwnEntry(enroll.key(), enroll.handle(), ++lastStamp, enroll.share());
        if (before == null) {
            ownCount++;
        } else {
            entry.inFlight = before.inFlight;
            out.add(new RegistryFrontAction.Withdrawn(before.key, before.handle));
        }
        slot.own.put(entry.key, entry);
        slot.say(entry);
        pump(nowNanos, slot, out);
    }

    private @Nullable RegistryRefusal refusal(@Nullable OwnEntry before, RegistryFrontEvent.Enroll enroll) {
        if (enroll.share().length() > limits.shareMax()) {
            return RegistryRefusal.TOO_LONG;
        }
        if (before != null) {
            return before.isLeaving() || before.handle == enroll.handle() ? null : RegistryRefusal.TAKEN_HERE;
        }
        return ownCount >= limits.ownMax() ? RegistryRefusal.FULL : null;
    }

    private void restate(long nowNanos, RegistryFrontEvent.Restate restate, Outbox<RegistryFrontAction> out) {
        FrontSlot slot = slot(slotOf.apply(restate.key()));
        @Nullable OwnEntry entry = slot.own.get(restate.key());
        if (entry == null || entry.handle != restate.handle() || entry.isLeaving()) {
            return; // the registration was lost meanwhile, and its process has been told so
        }
        if (restate.share().length() > limits.shareMax()) {
            out.add(new RegistryFrontAction.Declined(entry.key, entry.handle, RegistryRefusal.TOO_LONG));
            return;
        }
        if (!entry.share.equals(restate.share())) {
            entry.share = restate.share();
            entry.shareDirty = true;
            slot.say(entry);
            pump(nowNanos, slot, out);
        }
    }

    private void withdraw(long nowNanos, RegistryFrontEvent.Withdraw withdraw, Outbox<RegistryFrontAction> out) {
        FrontSlot slot = slot(slotOf.apply(withdraw.key()));
        @Nullable OwnEntry entry = slot.own.get(withdraw.key());
        if (entry == null || entry.handle != withdraw.handle()) {
            out.add(new RegistryFrontAction.Withdrawn(withdraw.key(), withdraw.handle()));
            return;
        }
        entry.leave();
        slot.say(entry);
        pump(nowNanos, slot, out);
    }

    private void remove(FrontSlot slot, OwnEntry entry) {
        slot.own.remove(entry.key);
        ownCount--;
    }

    private void find(long nowNanos, RegistryFrontEvent.Find find, Outbox<RegistryFrontAction> out) {
        if (desk.knows(find.ticket())) {
            throw new IllegalStateException("ticket " + find.ticket() + " waits already");
        }
        @Nullable RegistryEntry entry = known(find.key());
        if (entry != null) {
            out.add(new RegistryFrontAction.Resolved(find.ticket(), new RegistryLookup.Found(entry)));
            return;
        }
        if (desk.waitingCount() >= limits.lookupsMax()) {
            out.add(new RegistryFrontAction.Resolved(find.ticket(), new RegistryLookup.Unknown(RegistryRefusal.BUSY)));
            return;
        }
        if (desk.await(find.ticket(), find.key(), find.deadlineNanos())) {
            FrontSlot slot = slot(slotOf.apply(find.key()));
            slot.ask(find.key());
            pump(nowNanos, slot, out);
        }
    }

    private void doubt(RegistryFrontEvent.Doubt doubt, Outbox<RegistryFrontAction> out) {
        @Nullable RegistryEntry kept = desk.cached(doubt.key());
        if (kept != null && kept.handle() == doubt.handle()) {
            retract(slot(slotOf.apply(doubt.key())), doubt.key(), out);
        }
    }

    // ---- what the owners of registry slots say

    private void pump(long nowNanos, FrontSlot slot, Outbox<RegistryFrontAction> out) {
        if (suspended || slot.grant == null || !slot.running || nowNanos < slot.retryAtNanos) {
            return;
        }
        for (RegistryMessage.Request message = slot.next(self, limits.inFlightMax());
                message != null;
                message = slot.next(self, limits.inFlightMax())) {
            if (message instanceof RegistryMessage.Lookup lookup && !desk.isSent(lookup.key())) {
                continue; // those who asked have given up
            }
            long request = ++lastRequest;
            slot.sent(request, message);
            slotOfRequest.put(request, slot);
            out.add(new RegistryFrontAction.Send(request, slot.grant, message));
        }
    }

    /** The whole slot did not answer: nothing more is sent to it for a while. */
    private void retryLater(long nowNanos, FrontSlot slot) {
        if (nowNanos >= slot.retryAtNanos) {
            slot.retryAtNanos = wakeLater(nowNanos, slot);
        }
    }

    private long wakeLater(long nowNanos, FrontSlot slot) {
        slot.attempts++;
        long atNanos = nowNanos + limits.retry().delayNanos(slot.attempts, random);
        retries.add(new Wake(atNanos, slot.id));
        return atNanos;
    }

    private void failed(long nowNanos, long request) {
        @Nullable FrontSlot slot = slotOfRequest.remove(request);
        RegistryMessage.@Nullable Request message = slot == null ? null : slot.take(request);
        if (slot != null && message != null) {
            slot.sayAgain(message);
            retryLater(nowNanos, slot);
        }
    }

    private void answered(long nowNanos, RegistryFrontEvent.Answered answered, Outbox<RegistryFrontAction> out) {
        @Nullable FrontSlot slot = slotOfRequest.remove(answered.request());
        RegistryMessage.@Nullable Request message = slot == null ? null : slot.take(answered.request());
        if (slot == null || message == null) {
            return; // asked under an earlier epoch, or before a lapse: it says nothing about now
        }
        if (answered.reply() instanceof RegistryMessage.Rebuilding) {
            if (slot.defer(message)) {
                wakeLater(nowNanos, slot);
            }
            pump(nowNanos, slot, out);
            return;
        }
        switch (message) {
            case RegistryMessage.Report report -> onReported(slot, report, answered.reply(), out);
            case RegistryMessage.Lookup lookup -> onFound(slot, lookup.key(), answered.reply(), out);
            case RegistryMessage.Register register ->
                onOwn(slot, register.entry().key(), register.entry().stamp(), answered.reply(), out);
            case RegistryMessage.Update update -> onOwn(slot, update.key(), update.stamp(), answered.reply(), out);
            case RegistryMessage.Deregister leave -> onOwn(slot, leave.key(), leave.stamp(), answered.reply(), out);
            case RegistryMessage.Forget _ -> {}
        }
        pump(nowNanos, slot, out);
    }

    private void onReported(
            FrontSlot slot,
            RegistryMessage.Report piece,
            RegistryMessage.Reply reply,
            Outbox<RegistryFrontAction> out) {
        if (!(reply instanceof RegistryMessage.Reported answer)) {
            throw unexpected(piece, reply);
        }
        LinkedHashSet<RegistryKey> rejected = new LinkedHashSet<>(answer.rejected());
        for (RegistryEntry told : piece.entries()) {
            @Nullable OwnEntry entry = slot.own.get(told.key());
            if (entry == null || entry.stamp != told.stamp() || !entry.isHeld()) {
                continue;
            }
            if (rejected.contains(told.key())) {
                voidEntry(slot, entry, out);
            } else {
                entry.confirm(slot.epoch());
            }
        }
        slot.reported(piece);
        slot.attempts = 0;
    }

    private void onOwn(
            FrontSlot slot, RegistryKey key, long stamp, RegistryMessage.Reply reply, Outbox<RegistryFrontAction> out) {
        @Nullable OwnEntry entry = slot.own.get(key);
        if (entry == null) {
            return;
        }
        entry.inFlight = false;
        if (entry.stamp == stamp) {
            settle(slot, entry, reply, out);
        }
        slot.say(entry);
    }

    private void settle(FrontSlot slot, OwnEntry entry, RegistryMessage.Reply reply, Outbox<RegistryFrontAction> out) {
        switch (reply) {
            case RegistryMessage.Registered _ -> {
                if (!entry.isLeaving()) {
                    entry.confirm(slot.epoch());
                    out.add(new RegistryFrontAction.Confirmed(entry.key, entry.handle));
                }
            }
            case RegistryMessage.NotYours _ -> {
                if (entry.isHeld()) {
                    voidEntry(slot, entry, out);
                }
            }
            case RegistryMessage.Taken taken ->
                end(slot, entry, new RegistryFrontAction.Lost(entry.key, entry.handle, taken.by()), out);
            case RegistryMessage.Full _ ->
                end(slot, entry, new RegistryFrontAction.Declined(entry.key, entry.handle, RegistryRefusal.FULL), out);
            case RegistryMessage.Deregistered _ ->
                end(slot, entry, new RegistryFrontAction.Withdrawn(entry.key, entry.handle), out);
            case RegistryMessage.Updated _ -> {}
            case RegistryMessage.Found _,
                    RegistryMessage.Absent _,
                    RegistryMessage.Rebuilding _,
                    RegistryMessage.Reported _ -> throw unexpected(entry.nextMessage(self), reply);
        }
    }

    private void end(FrontSlot slot, OwnEntry entry, RegistryFrontAction how, Outbox<RegistryFrontAction> out) {
        remove(slot, entry);
        out.add(entry.isLeaving() ? new RegistryFrontAction.Withdrawn(entry.key, entry.handle) : how);
    }

    private void onFound(
            FrontSlot slot, RegistryKey key, RegistryMessage.Reply reply, Outbox<RegistryFrontAction> out) {
        switch (reply) {
            case RegistryMessage.Absent _ -> absent(slot, key, out);
            case RegistryMessage.Found found -> onFound(slot, found, out);
            case RegistryMessage.Registered _,
                    RegistryMessage.Taken _,
                    RegistryMessage.Updated _,
                    RegistryMessage.NotYours _,
                    RegistryMessage.Deregistered _,
                    RegistryMessage.Rebuilding _,
                    RegistryMessage.Full _,
                    RegistryMessage.Reported _ -> throw unexpected(new RegistryMessage.Lookup(key), reply);
        }
    }

    private void onFound(FrontSlot slot, RegistryMessage.Found found, Outbox<RegistryFrontAction> out) {
        RegistryEntry entry = found.entry();
        if (desk.isOvertaken(entry.key(), entry.version())) {
            slot.ask(entry.key());
        } else if (view != null && LookupDesk.isExpelled(view, entry.holder())) {
            // The owner is a view behind. Until it has applied that view, nobody else can have taken the key.
            absent(slot, entry.key(), out);
        } else {
            resolve(desk.settle(entry.key()), new RegistryLookup.Found(entry), out);
            if (found.monitored()) {
                publish(slot, entry, out);
            }
        }
    }

    private void absent(FrontSlot slot, RegistryKey key, Outbox<RegistryFrontAction> out) {
        resolve(desk.settleCovered(key), new RegistryLookup.Absent(), out);
        if (desk.isAwaited(key)) {
            slot.ask(key);
        }
    }

    private static void resolve(List<Long> tickets, RegistryLookup lookup, Outbox<RegistryFrontAction> out) {
        tickets.forEach(ticket -> out.add(new RegistryFrontAction.Resolved(ticket, lookup)));
    }

    private void noticed(RegistryFrontEvent.Noticed noticed, Outbox<RegistryFrontAction> out) {
        @Nullable FrontSlot slot = slots.get(noticed.from().slot());
        if (suspended || slot == null || !noticed.from().equals(slot.grant)) {
            return;
        }
        switch (noticed.notice()) {
            case RegistryMessage.Gone gone -> {
                desk.raiseFloor(gone.key(), gone.version());
                if (isOlder(gone.key(), gone.version())) {
                    retract(slot, gone.key(), out);
                }
            }
            case RegistryMessage.Changed changed -> {
                RegistryEntry entry = changed.entry();
                desk.raiseFloor(entry.key(), entry.version());
                if (isOlder(entry.key(), entry.version())) {
                    publish(slot, entry, out);
                }
            }
        }
    }

    private boolean isOlder(RegistryKey key, long version) {
        @Nullable RegistryEntry kept = desk.cached(key);
        return kept != null && kept.version() < version;
    }

    // ---- the cache

    private void publish(FrontSlot slot, RegistryEntry entry, Outbox<RegistryFrontAction> out) {
        desk.keep(entry);
        slot.cached.add(entry.key());
        out.add(new RegistryFrontAction.Publish(entry));
        @Nullable RegistryKey surplus = desk.surplus(limits.cacheMax());
        if (surplus != null) {
            FrontSlot from = slot(slotOf.apply(surplus));
            retract(from, surplus, out);
            if (from.grant != null && from.running) {
                out.add(new RegistryFrontAction.Send(0, from.grant, new RegistryMessage.Forget(surplus)));
            }
        }
    }

    private void retract(FrontSlot slot, RegistryKey key, Outbox<RegistryFrontAction> out) {
        desk.drop(key);
        if (slot.cached.remove(key)) {
            out.add(new RegistryFrontAction.Retract(key));
        }
    }

    private static IllegalStateException unexpected(RegistryMessage.Request request, RegistryMessage.Reply reply) {
        return new IllegalStateException(reply + " does not answer " + request);
    }

    /** Safety, rule 24: after a lapse, what the current epoch has not confirmed is void until registered again. */
    protected boolean voidsAfterLapse() {
        return true;
    }

    /** Safety, rule 24: what an earlier owner answers, or answered before a lapse, confirms nothing. */
    protected boolean forgetsRequests() {
        return true;
    }
}
