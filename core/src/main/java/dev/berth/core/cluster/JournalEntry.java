package dev.berth.core.cluster;

import dev.berth.core.wire.Field;
import dev.berth.core.wire.Prose;
import java.util.ArrayList;
import java.util.List;

// The view says what is true, the journal says how that came. An entry becomes durable in the transaction that writes
// its view, or not at all; nothing is ever decided by it, so one that is lost or unreadable stops nobody.

/**
 * What one view, or one take-over, has changed and why. Any thread.
 *
 * @param view the view that it tells of; of a take-over, the one that was found
 * @param term with {@code master}: who wrote it
 * @param atMillis the writer's wall clock, for people only: clocks of different machines differ
 * @param lines one for each change: settings, then members and the like, then slots
 * @param omitted so many changes more, for which there was no room
 */
public record JournalEntry(
        @Field(1) long view,
        @Field(2) long term,
        @Field(value = 3, max = ServiceName.MAX) String master,
        @Field(4) long atMillis,
        @Field(value = 5, max = 200) String reason,
        @Field(value = 6, max = LINES_MAX) List<JournalLine> lines,
        @Field(7) int omitted) {
    public static final int LINES_MAX = 1_024;
    /** So many views are told of; the entry of a later one takes the place of the oldest. */
    public static final int VIEWS_MAX = 512;
    /** And so many take-overs. */
    public static final int TERMS_MAX = 64;

    public JournalEntry {
        reason = Prose.upTo(200, reason);
        lines = List.copyOf(lines);
    }

    /** The entry of a master that takes over, beside its term. */
    static JournalEntry ofTakeOver(Durable.TermRecord term, Durable found) {
        Durable.TermRecord former = found.term();
        String cause = former.term() == 0
                ? "the first master of the cluster"
                : former.leader().equals(term.leader())
                        ? "elected again"
                        : former.resigned()
                                ? former.leader() + " resigned"
                                : former.leader() + " is not elected any more";
        return new JournalEntry(
                found.view().number(),
                term.term(),
                term.leader(),
                0,
                term.leader() + " leads in term " + term.term() + ": " + cause,
                List.of(new JournalLine.Led(former.leader(), former.resigned(), cause)),
                0);
    }

    /** For the log: each slot's change of state with its cause. */
    List<String> slotNotes() {
        List<String> notes = new ArrayList<>();
        for (JournalLine line : lines) {
            if (line instanceof JournalLine.SlotMoved moved) {
                String cause = moved.after() instanceof SlotState.Parked ? "" : " cause=" + moved.cause();
                notes.add("slot " + moved.slot() + " " + moved.before().word() + " -> " + moved.after() + cause);
            }
        }
        if (omitted > 0) {
            notes.add("view " + view + " has " + omitted + " changes more");
        }
        return notes;
    }

    public boolean isTakeOver() {
        return lines.size() == 1 && lines.getFirst() instanceof JournalLine.Led;
    }

    /** Its place in the ring: those of the views come first. */
    public int place() {
        return isTakeOver() ? VIEWS_MAX + (int) (term % TERMS_MAX) : (int) (view % VIEWS_MAX);
    }

    public JournalEntry writtenAt(long millis) {
        return new JournalEntry(view, term, master, millis, reason, lines, omitted);
    }

    /** The same with the first {@code count} lines only. */
    public JournalEntry withFirst(int count) {
        if (count >= lines.size()) {
            return this;
        }
        return new JournalEntry(
                view, term, master, atMillis, reason, lines.subList(0, count), omitted + lines.size() - count);
    }
}
