package dev.berth.core.registry;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// First the report, a piece at a time, each after the answer to the one before; then everything else, a bounded
// number at once and at most one per key. Nothing is ever lost from here by a failure: what failed is only marked
// to be said again.

/** A node's side of the conversation with one registry slot. */
final class FrontSlot {
    final SlotId id;
    final LinkedHashMap<RegistryKey, OwnEntry> own = new LinkedHashMap<>();
    final LinkedHashSet<RegistryKey> cached = new LinkedHashSet<>();
    private final LinkedHashSet<RegistryKey> unsaid = new LinkedHashSet<>();
    private final LinkedHashSet<RegistryKey> unasked = new LinkedHashSet<>();
    private final TreeMap<Long, RegistryMessage.Request> requests = new TreeMap<>();
    private final ArrayDeque<RegistryKey> toReport = new ArrayDeque<>();

    /** What an owner that is still rebuilding could not answer; said again after a while, without holding up the rest. */
    private final List<RegistryMessage.Request> deferred = new ArrayList<>();

    @Nullable
    Grant grant;

    Incarnation owner = Incarnation.NONE;

    /** Whether the owner admits messages. */
    boolean running;

    private boolean reported;
    private boolean reporting;

    /** Nothing is sent before this time. */
    long retryAtNanos = Long.MIN_VALUE;

    /** Attempts in a row that failed, or met a rebuild. */
    int attempts;

    FrontSlot(SlotId id) {
        this.id = id;
    }

    long epoch() {
        return grant == null ? 0 : grant.epoch();
    }

    /** Takes over what the view says; returns whether the epoch is another one. */
    boolean follow(SlotState state) {
        long before = epoch();
        owner = state.owner();
        running = state instanceof SlotState.Running;
        grant = state.epoch() == 0 ? null : new Grant(id, state.epoch());
        return before != epoch();
    }

    /** A new epoch has heard nothing yet: the report starts from the beginning. */
    void startReport() {
        reported = false;
        reporting = false;
        toReport.clear();
        unsaid.clear();
        for (OwnEntry entry : own.values()) {
            if (entry.isHeld()) {
                toReport.add(entry.key);
            }
        }
        retryAtNanos = Long.MIN_VALUE;
        attempts = 0;
    }

    /** The next message that may go out now, or null. */
    RegistryMessage.@Nullable Request next(Incarnation self, int inFlightMax) {
        if (!reported) {
            return reporting ? null : nextPiece(self);
        }
        if (requests.size() >= inFlightMax) {
            return null;
        }
        RegistryMessage.@Nullable Request about = nextAboutOwn(self);
        if (about != null) {
            return about;
        }
        return unasked.isEmpty() ? null : new RegistryMessage.Lookup(unasked.removeFirst());
    }

    private RegistryMessage.@Nullable Request nextAboutOwn(Incarnation self) {
        while (!unsaid.isEmpty()) {
            @Nullable OwnEntry entry = own.get(unsaid.removeFirst());
            if (entry != null && !entry.inFlight && entry.isUnsettled()) {
                RegistryMessage.Request message = entry.nextMessage(self);
                entry.inFlight = true;
                entry.shareDirty = false;
                return message;
            }
        }
        return null;
    }

    private RegistryMessage.Report nextPiece(Incarnation self) {
        List<RegistryEntry> entries = new ArrayList<>();
        int bytes = 0;
        boolean end = true;
        for (RegistryKey key : toReport) {
            if (entries.size() >= RegistryMessage.REPORT_MAX || bytes >= RegistryMessage.REPORT_BYTES) {
                end = false;
                break;
            }
            @Nullable OwnEntry entry = own.get(key);
            if (entry != null && entry.isHeld()) {
                entries.add(entry.entry(self));
                entry.shareDirty = false;
                bytes += entries.getLast().size();
            }
        }
        reporting = true;
        return new RegistryMessage.Report(entries, end);
    }

    void sent(long request, RegistryMessage.Request message) {
        requests.put(request, message);
    }

    RegistryMessage.@Nullable Request take(long request) {
        return requests.remove(request);
    }

    /** Forgets all requests, so that no answer to them counts; returns their numbers. */
    List<Long> forgetRequests() {
        List<Long> numbers = List.copyOf(requests.keySet());
        requests.values().forEach(this::sayAgain);
        requests.clear();
        sayDeferred();
        return numbers;
    }

    /** Returns whether it is the first. */
    boolean defer(RegistryMessage.Request message) {
        deferred.add(message);
        return deferred.size() == 1;
    }

    void sayDeferred() {
        deferred.forEach(this::sayAgain);
        deferred.clear();
    }

    /** The message was not answered, or not finally: it will be said again if it still has to be. */
    void sayAgain(RegistryMessage.Request message) {
        switch (message) {
            case RegistryMessage.Register register ->
                unanswered(register.entry().key());
            case RegistryMessage.Update update -> unanswered(update.key());
            case RegistryMessage.Deregister deregister -> unanswered(deregister.key());
            case RegistryMessage.Lookup lookup -> unasked.add(lookup.key());
            case RegistryMessage.Report _ -> reporting = false; // what it held stands in line still
            case RegistryMessage.Forget _ -> {}
        }
    }

    private void unanswered(RegistryKey key) {
        @Nullable OwnEntry entry = own.get(key);
        if (entry != null) {
            entry.inFlight = false;
            entry.shareDirty = true;
            say(entry);
        }
    }

    /** Has the owner told what it has to know about the entry. */
    void say(OwnEntry entry) {
        if (entry.isUnsettled()) {
            unsaid.add(entry.key);
        }
    }

    void ask(RegistryKey key) {
        unasked.add(key);
    }

    /** What is to be looked up again after {@link #forgetRequests}. */
    List<RegistryKey> unasked() {
        return List.copyOf(unasked);
    }

    /** The piece has been answered. */
    void reported(RegistryMessage.Report piece) {
        reporting = false;
        for (RegistryEntry entry : piece.entries()) {
            // What was voided since the report began stands before it in line, and is not reported.
            @Nullable RegistryKey first = toReport.pollFirst();
            while (first != null && !first.equals(entry.key())) {
                first = toReport.pollFirst();
            }
        }
        if (piece.end()) {
            toReport.clear();
            reported = true;
            own.values().forEach(this::say);
        }
    }
}
