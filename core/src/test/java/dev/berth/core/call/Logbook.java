package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The oracle: sees every call begin, run and end on all nodes at once, and writes down what must not have been. */
final class Logbook {
    /** What is known of one call. */
    static final class Entry {
        final int id;
        final Request request;
        final Vessel caller;
        int runs;

        @Nullable
        Incarnation ranAt;

        @Nullable
        Outcome<Bytes> outcome;

        Entry(int id, Request request, Vessel caller) {
            this.id = id;
            this.request = request;
            this.caller = caller;
        }
    }

    private record Voice(Incarnation node, long caller, SlotId slot) {}

    private record Ear(Incarnation receiver, SlotId from) {}

    final List<String> violations = new ArrayList<>();
    final Map<String, Entry> entries = new LinkedHashMap<>();
    final TreeMap<String, Integer> counts = new TreeMap<>();
    private final Flotilla sea;
    private final Map<Voice, Integer> lastRun = new LinkedHashMap<>();
    private final TreeMap<SlotId, Long> lastEpoch = new TreeMap<>();
    private final Map<Ear, Long> lastFrom = new LinkedHashMap<>();
    private final TreeMap<SlotId, Long> valid = new TreeMap<>();
    private final TreeSet<Incarnation> unheard = new TreeSet<>();
    boolean faultless = true;
    /** From asking for MARK to the last MARKED. */
    long longestMarkNanos;

    Logbook(Flotilla sea) {
        this.sea = sea;
    }

    Bytes nextBody() {
        return Bytes.utf8("" + entries.size());
    }

    void submitted(Request request, Vessel caller) {
        entries.put(request.body().utf8(), new Entry(entries.size(), request, caller));
    }

    Entry entry(String body) {
        return Objects.requireNonNull(entries.get(body));
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private void must(boolean holds, String what, Object about) {
        if (!holds) {
            violations.add(sea.now / 1_000 + "us " + what + ": " + about);
        }
    }

    void ran(Dispatch dispatch, Vessel vessel) {
        PeerMessage.Call call = dispatch.call();
        Entry entry = entry(call.body().utf8());
        Request request = entry.request;
        Grant to = Crew.to(dispatch);
        entry.runs++;
        entry.ranAt = vessel.self;
        count("ran");
        must(entry.runs == 1 || request.operation() != null, "ran twice without an operation id", dispatch);
        must(!(entry.outcome instanceof Outcome.Refused), "ran although refused", dispatch);
        must(vessel.loaded.contains(to), "ran before it was loaded", dispatch);
        must(vessel.mayAct(), "ran outside the lease", dispatch);
        must(sea.now <= request.deadlineNanos() + sea.delayMax + Flotilla.MILLI, "ran after its deadline", dispatch);
        must(to.epoch() >= lastEpoch.getOrDefault(to.slot(), 0L), "ran under an old epoch", dispatch);
        must(to.epoch() >= valid.getOrDefault(to.slot(), 0L), "ran for a replaced owner", dispatch);
        must(!unheard.contains(dispatch.peer()), "heard the replaced", dispatch);
        lastEpoch.put(to.slot(), to.epoch());
        if (call.from() != null) {
            Ear ear = new Ear(vessel.self, call.from().slot());
            long epoch = call.from().epoch();
            must(epoch >= valid.getOrDefault(call.from().slot(), 0L), "heard a slot's replaced owner (I3)", dispatch);
            must(epoch >= lastFrom.getOrDefault(ear, 0L), "heard an old epoch after a new one", dispatch);
            lastFrom.put(ear, epoch);
        }
        if (entry.runs == 1) {
            Voice voice = new Voice(entry.caller.self, request.caller(), to.slot());
            Integer before = lastRun.put(voice, entry.id);
            must(before == null || before < entry.id, "overtaken by call " + before, dispatch);
        }
    }

    void ended(Request request, Outcome<Bytes> outcome, Vessel caller) {
        Entry entry = entry(request.body().utf8());
        must(entry.outcome == null, "ended twice", request);
        entry.outcome = outcome;
        count(outcome.getClass().getSimpleName());
        boolean late = sea.now > Math.max(request.deadlineNanos(), caller.actsSince) + 2 * Flotilla.POLL;
        must(!late || caller.doomed, "ended late", request);
        must(caller.mayAct() || caller.doomed || outcome instanceof Outcome.Refused, "told while suspended", outcome);
        switch (outcome) {
            case Outcome.Refused<Bytes> refused -> {
                count("Refused " + refused.reason());
                must(entry.runs == 0, "refused although it ran", request);
            }
            case Outcome.Done<Bytes> done -> {
                must(entry.runs > 0 || request.oneWay(), "done although it never ran", request);
                must(request.oneWay() || done.value().equals(request.body()), "another call's answer", request);
            }
            case Outcome.Unknown<Bytes> unknown -> {
                count("Unknown " + unknown.cause());
                must(!faultless || unknown.cause() == Outcome.Cause.DEADLINE, "unknown without a fault", unknown);
            }
            case Outcome.Failed<Bytes> failed -> must(false, "failed", failed);
        }
    }

    void dropped(PeerMessage message, String cause) {
        count("Dropped " + cause);
        must(!faultless || !cause.startsWith("from"), "lost without a fault", message);
    }

    void marked(long nanos) {
        longestMarkNanos = Math.max(longestMarkNanos, nanos);
    }

    /** Rule 8: from now on nobody admits anything of the replaced. */
    void up(Incarnation lost, List<Grant> grants) {
        unheard.add(lost);
        grants.forEach(grant -> valid.merge(grant.slot(), grant.epoch(), Math::max));
    }

    void killed(Vessel vessel) {
        count("killed");
    }

    void bounds(Vessel vessel) {
        CallLimits limits = sea.rig.calls();
        must(vessel.calls.inFlight() <= limits.inFlightMax(), "too many in flight", vessel.calls.inFlight());
        must(vessel.calls.held() <= limits.heldMax(), "too many held", vessel.calls.held());
        vessel.ends.stream()
                .filter(end -> end.admission != null)
                .forEach(end -> must(
                        end.admission.waiting() <= sea.rig.admission().inboxMax(), "too many waiting", end.number));
    }

    /** After everybody's deadline. */
    void atTheEnd() {
        entries.values()
                .forEach(entry -> must(entry.outcome != null || entry.caller.dead, "never ended", entry.request));
        sea.vessels.values().stream().filter(vessel -> !vessel.dead).forEach(vessel -> {
            must(vessel.calls.inFlight() == 0, "left in flight", vessel.calls.inFlight());
            must(vessel.calls.held() == 0, "left held", vessel.calls.held());
        });
    }
}
