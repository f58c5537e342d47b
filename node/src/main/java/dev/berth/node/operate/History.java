package dev.berth.node.operate;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.JournalLine;
import dev.berth.core.cluster.View;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The journal as it was found: what views and take-overs say of themselves, the oldest first. Any thread.
 *
 * @param problems what could not be read of it, in words
 */
public record History(List<JournalEntry> entries, List<String> problems) {
    /** A take-over precedes the views of its term. */
    private static final Comparator<JournalEntry> IN_ORDER = Comparator.comparingLong(JournalEntry::term)
            .thenComparing(entry -> !entry.isTakeOver())
            .thenComparingLong(JournalEntry::view);

    public History {
        entries = entries.stream().distinct().sorted(IN_ORDER).toList();
        problems = List.copyOf(problems);
    }

    /** The oldest view that it tells of; 0 if it tells of none. */
    public long firstView() {
        return entries.stream()
                .filter(entry -> !entry.isTakeOver())
                .mapToLong(JournalEntry::view)
                .findFirst()
                .orElse(0);
    }

    /** Who is called what, as far as the journal or the view knows. */
    Map<Incarnation, String> names(@Nullable View view) {
        Map<Incarnation, String> names = new TreeMap<>();
        for (JournalEntry entry : entries) {
            for (JournalLine line : entry.lines()) {
                switch (line) {
                    case JournalLine.Came came -> names.put(came.life(), came.name());
                    case JournalLine.Went went -> names.put(went.life(), went.name());
                    case JournalLine.Drained drained -> names.put(drained.life(), drained.name());
                    case JournalLine.SlotMoved _,
                            JournalLine.SettingMoved _,
                            JournalLine.Other _,
                            JournalLine.Led _ -> {}
                }
            }
        }
        if (view != null) {
            view.forEachMember(listing -> names.put(listing.incarnation(), listing.name()));
        }
        return names;
    }
}
