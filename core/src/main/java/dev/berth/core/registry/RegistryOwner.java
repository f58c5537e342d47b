package dev.berth.core.registry;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import dev.berth.core.registry.RegistryMessage.Reply;
import dev.berth.core.registry.RegistryMessage.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

// The table of a registry slot is kept nowhere but in the nodes it speaks of. A new owner therefore starts empty
// and listens: each member tells what it holds before it says anything else. What has been told is answered at
// once; what has not may still be held by a member that is slow to speak, so it is neither "absent" nor free to be
// taken until every member has spoken or can hold nothing any more, because it was expelled or lapsed before it
// knew of this owner (rule 24). Those who were expelled before this owner began are unknown to it; the closed barrier
// of the view under which it began says that they are gone. After that the owner is an ordinary table with one
// writer: first come keeps the key, and only the holder can change or remove what it holds.

/** The one serial owner of a registry slot under one epoch. Made when the slot is served, dropped when it is not any more. */
public class RegistryOwner implements Machine<RegistryOwnerEvent, RegistryOwnerAction> {
    private static final class Held {
        RegistryEntry entry;
        final TreeSet<Incarnation> monitors = new TreeSet<>();

        Held(RegistryEntry entry) {
            this.entry = entry;
        }
    }

    private final Grant grant;
    private final RegistryLimits limits;
    /** Where it began; nothing new is accepted before this view's barrier has closed. */
    private final long begunIn;

    private View view;
    private long closed;

    /** Listed members that may hold something and have not told all of it. */
    private final TreeSet<Incarnation> awaited = new TreeSet<>();

    private final LinkedHashMap<RegistryKey, Held> table = new LinkedHashMap<>();
    private final KeysByNode holdings = new KeysByNode();
    private final KeysByNode monitored = new KeysByNode();
    private long version;

    /**
     * @param grant the slot and the epoch of its run
     * @param view the view by which the node acts; it must give the slot this epoch
     */
    public RegistryOwner(Grant grant, View view, RegistryLimits limits) {
        this.grant = grant;
        this.begunIn = view.number();
        this.view = view;
        this.limits = limits;
        // A life that began with or after this epoch has never held anything that an earlier owner confirmed.
        view.forEachMember(listing -> {
            if (listing.incarnation().number() < grant.epoch()) {
                awaited.add(listing.incarnation());
            }
        });
    }

    public Grant grant() {
        return grant;
    }

    /** How many members the rebuild still waits for. */
    public int awaitedCount() {
        return awaited.size();
    }

    public int entryCount() {
        return table.size();
    }

    private boolean isRebuilding() {
        return !awaited.isEmpty() || closed < begunIn;
    }

    @Override
    public void on(long nowNanos, RegistryOwnerEvent event, Outbox<RegistryOwnerAction> out) {
        boolean rebuilding = isRebuilding();
        switch (event) {
            case RegistryOwnerEvent.Received received -> receive(received, out);
            case RegistryOwnerEvent.Installed installed -> install(installed.view());
            case RegistryOwnerEvent.Closed over -> close(over.view());
            case RegistryOwnerEvent.Excused excused -> {
                if (excused.view() >= grant.epoch()) {
                    excused.members().forEach(awaited::remove);
                }
            }
            case RegistryOwnerEvent.Disconnected gone -> dropMonitor(gone.peer());
        }
        if (rebuilding && !isRebuilding()) {
            out.add(new RegistryOwnerAction.Note(
                    "registry " + grant + " REBUILDING -> COMPLETE entries=" + table.size()));
        }
    }

    @Override
    public void advance(long nowNanos, Outbox<RegistryOwnerAction> out) {}

    @Override
    public long nextWakeNanos() {
        return NEVER;
    }

    private void receive(RegistryOwnerEvent.Received received, Outbox<RegistryOwnerAction> out) {
        Incarnation from = received.from();
        if (!view.lists(from)) {
            return; // it was expelled while its message waited here (rule 14); nobody is there to hear an answer
        }
        @Nullable Reply reply = answer(from, received.message(), out);
        if (reply != null && received.request() != 0) {
            out.add(new RegistryOwnerAction.Answer(from, received.request(), reply));
        }
    }

    private @Nullable Reply answer(Incarnation from, Request message, Outbox<RegistryOwnerAction> out) {
        return switch (message) {
            case RegistryMessage.Register register -> register(from, register.entry(), out);
            case RegistryMessage.Update update -> update(from, update, out);
            case RegistryMessage.Deregister deregister -> deregister(from, deregister, out);
            case RegistryMessage.Lookup lookup -> lookup(from, lookup.key());
            case RegistryMessage.Report report -> report(from, report, out);
            case RegistryMessage.Forget forget -> {
                forget(from, forget.key());
                yield null;
            }
        };
    }

    /** Compare-and-set: nobody has it, or the sender itself does. */
    private Reply register(Incarnation from, RegistryEntry wanted, Outbox<RegistryOwnerAction> out) {
        @Nullable Held held = table.get(wanted.key());
        if (held != null && keepsFirst(held.entry, from, wanted.stamp())) {
            return new RegistryMessage.Taken(held.entry);
        }
        if (held == null && !acceptsNewNow()) {
            return new RegistryMessage.Rebuilding();
        }
        if (held == null && table.size() >= limits.slotMax()) {
            return new RegistryMessage.Full(limits.slotMax());
        }
        if (held == null
                || !isFrom(held.entry, from, wanted)
                || !held.entry.share().equals(wanted.share())) {
            put(from, wanted);
            notifyChanged(wanted.key(), out);
        }
        return new RegistryMessage.Registered();
    }

    private Reply update(Incarnation from, RegistryMessage.Update update, Outbox<RegistryOwnerAction> out) {
        @Nullable Held held = table.get(update.key());
        if (held == null || !mayChange(held.entry, from, update.stamp())) {
            return new RegistryMessage.NotYours();
        }
        if (!held.entry.share().equals(update.share())) {
            held.entry = held.entry.withShare(update.share(), ++version);
            notifyChanged(update.key(), out);
        }
        return new RegistryMessage.Updated();
    }

    private Reply deregister(Incarnation from, RegistryMessage.Deregister message, Outbox<RegistryOwnerAction> out) {
        @Nullable Held held = table.get(message.key());
        if (held != null && mayRemove(held.entry, from, message.stamp())) {
            RegistryMessage.Gone gone = new RegistryMessage.Gone(message.key(), ++version);
            held.monitors.forEach(monitor -> out.add(new RegistryOwnerAction.Push(monitor, gone)));
            remove(message.key(), held);
        }
        return new RegistryMessage.Deregistered();
    }

    private Reply lookup(Incarnation from, RegistryKey key) {
        @Nullable Held held = table.get(key);
        if (held == null) {
            return missIsAbsent() ? new RegistryMessage.Absent() : new RegistryMessage.Rebuilding();
        }
        boolean told = held.monitors.contains(from);
        if (!told && held.monitors.size() < limits.monitorsMax()) {
            held.monitors.add(from);
            monitored.add(from, key);
            told = true;
        }
        return new RegistryMessage.Found(held.entry, told);
    }

    private void forget(Incarnation from, RegistryKey key) {
        @Nullable Held held = table.get(key);
        if (held != null) {
            held.monitors.remove(from);
        }
        monitored.remove(from, key);
    }

    /** The piece of a report is taken over from a member that is still awaited; anybody else's is only compared. */
    private Reply report(Incarnation from, RegistryMessage.Report report, Outbox<RegistryOwnerAction> out) {
        boolean inTime = awaited.contains(from) || !refusesLate();
        List<RegistryKey> rejected = new ArrayList<>();
        for (RegistryEntry told : report.entries()) {
            @Nullable Held held = table.get(told.key());
            if (held == null && inTime && table.size() < limits.slotMax()) {
                put(from, told);
            } else if (held == null || !isFrom(held.entry, from, told)) {
                rejected.add(told.key());
            } else if (!held.entry.share().equals(told.share())) {
                put(from, told);
                notifyChanged(told.key(), out);
            }
        }
        if (report.end()) {
            awaited.remove(from);
        }
        return new RegistryMessage.Reported(rejected);
    }

    /** Whether both are one registration of one node. */
    private static boolean isFrom(RegistryEntry entry, Incarnation holder, RegistryEntry other) {
        return entry.holder().equals(holder) && entry.stamp() == other.stamp() && entry.handle() == other.handle();
    }

    private void put(Incarnation holder, RegistryEntry told) {
        RegistryEntry entry =
                new RegistryEntry(told.key(), told.handle(), holder, told.share(), told.stamp(), ++version);
        @Nullable Held held = table.get(told.key());
        if (held == null) {
            table.put(told.key(), new Held(entry));
        } else {
            holdings.remove(held.entry.holder(), told.key());
            held.entry = entry;
        }
        holdings.add(holder, told.key());
    }

    private void notifyChanged(RegistryKey key, Outbox<RegistryOwnerAction> out) {
        @Nullable Held held = table.get(key);
        if (held != null) {
            RegistryMessage.Changed changed = new RegistryMessage.Changed(held.entry);
            held.monitors.forEach(monitor -> out.add(new RegistryOwnerAction.Push(monitor, changed)));
        }
    }

    private void remove(RegistryKey key, Held held) {
        table.remove(key);
        holdings.remove(held.entry.holder(), key);
        held.monitors.forEach(monitor -> monitored.remove(monitor, key));
    }

    /** Rule 14: monitors of the expelled go. Nobody is told: every node sees the same view. */
    private void install(View next) {
        view = next;
        monitored.nodes(node -> !next.lists(node)).forEach(this::dropMonitor);
    }

    /** What the expelled held is free now that they have surely stopped acting. */
    private void close(View over) {
        closed = Math.max(closed, over.number());
        Predicate<Incarnation> hasEnded = member -> member.number() <= over.number() && !over.lists(member);
        awaited.removeIf(hasEnded);
        for (Incarnation gone : holdings.nodes(hasEnded)) {
            for (RegistryKey key : holdings.take(gone)) {
                @Nullable Held held = table.get(key);
                if (held != null) {
                    remove(key, held);
                }
            }
        }
    }

    private void dropMonitor(Incarnation peer) {
        for (RegistryKey key : monitored.take(peer)) {
            @Nullable Held held = table.get(key);
            if (held != null) {
                held.monitors.remove(peer);
            }
        }
    }

    /** Safety, rule 24: nothing new before every member has spoken or can hold nothing. */
    protected boolean acceptsNewNow() {
        return !isRebuilding();
    }

    /** Safety, rule 24: "absent" is a promise about all members, so it too waits for all of them. */
    protected boolean missIsAbsent() {
        return !isRebuilding();
    }

    /**
     * Rule 24: a member that is not waited for any more can add nothing by a report. With this the member learns that what it
     * thought it held is void; who holds what is safe without it, since the member has voided it itself.
     */
    protected boolean refusesLate() {
        return true;
    }

    /** Safety, D8 and S1.26: the first registration stands against everybody but a later one of the same node. */
    protected boolean keepsFirst(RegistryEntry first, Incarnation from, long stamp) {
        return !first.holder().equals(from) || stamp < first.stamp();
    }

    /** Safety, S1.26: only the holder changes what it holds. */
    protected boolean mayChange(RegistryEntry entry, Incarnation from, long stamp) {
        return entry.holder().equals(from) && entry.stamp() == stamp;
    }

    /** Safety, S1.26: only the holder removes what it holds, and a farewell from an earlier registration removes nothing. */
    protected boolean mayRemove(RegistryEntry entry, Incarnation from, long stamp) {
        return entry.holder().equals(from) && entry.stamp() <= stamp;
    }
}
