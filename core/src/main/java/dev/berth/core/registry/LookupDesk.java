package dev.berth.core.registry;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

// What is kept is what its owner has promised to tell changes of, and nothing else: no "absent", no answer given
// without that promise. A notice can overtake the answer to a lookup; the version says which of the two is the
// newer.

/** What a node has looked up, and who waits for a lookup. */
final class LookupDesk {
    private record Deadline(long atNanos, long ticket) implements Comparable<Deadline> {
        @Override
        public int compareTo(Deadline other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(ticket, other.ticket);
        }
    }

    private record Ticket(RegistryKey key, long deadlineNanos) {}

    private static final class Waiting {
        /** Those who asked before the question was last sent, for whom any answer counts. */
        final TreeSet<Long> covered = new TreeSet<>();

        /** Those who asked later: an "absent" may be older than their question. */
        final TreeSet<Long> late = new TreeSet<>();

        /** An answer of an earlier version than this has been overtaken. */
        long floor;
    }

    private final LinkedHashMap<RegistryKey, RegistryEntry> cache = new LinkedHashMap<>(16, 0.75f, true);
    private final KeysByNode cachedOf = new KeysByNode();
    private final TreeMap<Long, Ticket> tickets = new TreeMap<>();
    private final TreeSet<Deadline> deadlines = new TreeSet<>();
    private final LinkedHashMap<RegistryKey, Waiting> waiting = new LinkedHashMap<>();

    @Nullable
    RegistryEntry cached(RegistryKey key) {
        return cache.get(key);
    }

    int waitingCount() {
        return tickets.size();
    }

    boolean knows(long ticket) {
        return tickets.containsKey(ticket);
    }

    /** Lets the ticket wait for the key; returns whether nobody waited for it before. */
    boolean await(long ticket, RegistryKey key, long deadlineNanos) {
        tickets.put(ticket, new Ticket(key, deadlineNanos));
        deadlines.add(new Deadline(deadlineNanos, ticket));
        boolean first = !waiting.containsKey(key);
        waiting.computeIfAbsent(key, _ -> new Waiting()).late.add(ticket);
        return first;
    }

    /** The question goes out now; returns whether anybody still waits for an answer. */
    boolean isSent(RegistryKey key) {
        @Nullable Waiting of = waiting.get(key);
        if (of != null) {
            of.covered.addAll(of.late);
            of.late.clear();
        }
        return of != null;
    }

    /** A change with this version was told of. */
    void raiseFloor(RegistryKey key, long version) {
        @Nullable Waiting of = waiting.get(key);
        if (of != null) {
            of.floor = Math.max(of.floor, version);
        }
    }

    /** Versions of an earlier epoch say nothing. */
    void resetFloor(RegistryKey key) {
        @Nullable Waiting of = waiting.get(key);
        if (of != null) {
            of.floor = 0;
        }
    }

    boolean isOvertaken(RegistryKey key, long version) {
        @Nullable Waiting of = waiting.get(key);
        return of != null && version < of.floor;
    }

    /** Ends the wait of all who asked for the key; returns who waited. */
    List<Long> settle(RegistryKey key) {
        @Nullable Waiting of = waiting.remove(key);
        if (of == null) {
            return List.of();
        }
        of.covered.addAll(of.late);
        of.covered.forEach(this::drop);
        return List.copyOf(of.covered);
    }

    /** Ends the wait of those who had asked when the question was sent; returns them. */
    List<Long> settleCovered(RegistryKey key) {
        @Nullable Waiting of = waiting.get(key);
        if (of == null || of.late.isEmpty()) {
            return settle(key);
        }
        List<Long> covered = List.copyOf(of.covered);
        covered.forEach(this::drop);
        of.covered.clear();
        return covered;
    }

    boolean isAwaited(RegistryKey key) {
        return waiting.containsKey(key);
    }

    private void drop(long ticket) {
        @Nullable Ticket known = tickets.remove(ticket);
        if (known != null) {
            deadlines.remove(new Deadline(known.deadlineNanos(), ticket));
        }
    }

    /** The next ticket whose deadline has come, with its key; null if there is none. */
    @Nullable
    Long expire(long nowNanos) {
        if (deadlines.isEmpty() || deadlines.first().atNanos() > nowNanos) {
            return null;
        }
        long ticket = deadlines.first().ticket();
        @Nullable Ticket known = tickets.get(ticket);
        drop(ticket);
        if (known != null) {
            @Nullable Waiting of = waiting.get(known.key());
            if (of != null) {
                of.covered.remove(ticket);
                of.late.remove(ticket);
                if (of.covered.isEmpty() && of.late.isEmpty()) {
                    waiting.remove(known.key());
                }
            }
        }
        return ticket;
    }

    long nextDeadlineNanos() {
        return deadlines.isEmpty() ? Long.MAX_VALUE : deadlines.first().atNanos();
    }

    void keep(RegistryEntry entry) {
        @Nullable RegistryEntry before = cache.put(entry.key(), entry);
        if (before != null) {
            cachedOf.remove(before.holder(), entry.key());
        }
        cachedOf.add(entry.holder(), entry.key());
    }

    /** Drops what was kept for the key; returns whether anything was. */
    boolean drop(RegistryKey key) {
        @Nullable RegistryEntry entry = cache.remove(key);
        if (entry != null) {
            cachedOf.remove(entry.holder(), key);
        }
        return entry != null;
    }

    /** The entry that was not used for longest, if more than {@code max} are kept. */
    @Nullable
    RegistryKey surplus(int max) {
        return cache.size() > max ? cache.keySet().iterator().next() : null;
    }

    /** Keys of kept entries whose holders the view has expelled. */
    List<RegistryKey> orphans(View view) {
        List<RegistryKey> keys = new ArrayList<>();
        for (Incarnation gone : cachedOf.nodes(holder -> isExpelled(view, holder))) {
            keys.addAll(cachedOf.take(gone));
        }
        return keys;
    }

    /** Not listed, and not because it will be admitted by a later view. */
    static boolean isExpelled(View view, Incarnation holder) {
        return !view.lists(holder) && holder.number() <= view.number();
    }
}
