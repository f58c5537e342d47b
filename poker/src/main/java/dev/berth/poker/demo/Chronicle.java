package dev.berth.poker.demo;

import dev.berth.poker.OpenTable;
import dev.berth.poker.Shows;
import dev.berth.poker.bot.HeardHand;
import dev.berth.poker.rules.Lines;
import dev.berth.poker.rules.Said;
import dev.berth.poker.server.Notices;
import dev.berth.poker.user.UserHears;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Broadcast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// A table's history is what it says; whoever becomes its owner reads it from the store and goes on with it. Nobody
// disturbs the node where it is written down, so what is missing here was never said, or was taken back.

/** What the tables have said, from their first words on. Any thread. */
final class Chronicle {
    /** So many contradictions are told in words; all are counted. */
    private static final int FINDINGS_MAX = 20;

    /** One table's. */
    private static final class Book {
        private long last;
        private int ended;
        /** As they are kept, the one of position 1 first. */
        private final List<OpenTable.Heard> items = new ArrayList<>();

        private final List<List<Broadcast>> hands = new ArrayList<>(List.of(new ArrayList<>()));
    }

    // Guarded by this.
    private final Map<Long, Book> books = new TreeMap<>();
    private final List<String> findings = new ArrayList<>();
    private final List<String> evidence = new ArrayList<>();
    private long contradictions;

    /** A table that has said nothing yet. */
    synchronized void open(long game) {
        books.put(game, new Book());
    }

    synchronized void hear(long game, long position, OpenTable.Heard heard) {
        Book book = book(game);
        if (position != book.last + 1) {
            find("game " + game + " said " + position + " after " + book.last);
        }
        book.last = position;
        book.items.add(heard);
        Lines.Told told = Lines.read(heard.lines());
        int seq = told.seq();
        for (Said said : told.said()) {
            if (seq == 0) {
                book.hands.add(new ArrayList<>());
            }
            if (seq != book.hands.getLast().size()) {
                find("game " + game + " said number " + seq + " after "
                        + (book.hands.getLast().size() - 1));
            }
            Broadcast packet = (Broadcast) Notices.packet(game, said, seq);
            book.ended += packet instanceof Packet.NotifyEndGame ? 1 : 0;
            book.hands.getLast().add(packet);
            seq = (seq + 1) & 0xffff;
        }
    }

    /** It came too late for them. */
    synchronized void gone(long game, long from, long upTo) {
        find("game " + game + ": what was said from " + from + " to " + upTo + " is gone");
        book(game).last = upTo;
    }

    private Book book(long game) {
        Book book = books.get(game);
        if (book == null) {
            throw new IllegalArgumentException("nobody follows game " + game);
        }
        return book;
    }

    private void find(String what) {
        contradictions++;
        if (findings.size() < FINDINGS_MAX) {
            findings.add(what);
        }
    }

    /** The position that was heard last, by game. */
    synchronized Map<Long, Long> positions() {
        Map<Long, Long> positions = new TreeMap<>();
        books.forEach((game, book) -> positions.put(game, book.last));
        return positions;
    }

    /** What was said there, as users of sessions hear it; null if nobody has heard it here. */
    synchronized UserHears.@Nullable Said said(long game, long position) {
        List<OpenTable.Heard> items = book(game).items;
        return position < 1 || position > items.size() ? null : Shows.said(items.get((int) position - 1));
    }

    /** Hands that have ended. */
    synchronized long hands() {
        return books.values().stream().mapToLong(book -> book.ended).sum();
    }

    /**
     * What of that what players were told is not in it.
     *
     * @param lost actions of players, which they were told and the table does not have
     * @param doubled those that the table has, beyond what the player has answered
     * @param contradictions all in all, of others' actions and of positions too
     */
    record Verdict(long lost, long doubled, long contradictions, List<String> findings) {}

    /** @param heard by one player each, in the order in which he has heard them */
    synchronized Verdict judge(Collection<? extends Collection<HeardHand>> heard) {
        long lost = 0;
        long doubled = 0;
        for (Collection<HeardHand> one : heard) {
            Memory memory = new Memory();
            one.forEach(memory::compare);
            lost += memory.lost;
            doubled += memory.doubled();
        }
        return new Verdict(lost, doubled, contradictions, List.copyOf(findings));
    }

    /** What contradicts each other, in full. */
    synchronized void write(Path file) throws IOException {
        Files.write(file, evidence);
    }

    /** What one player was told, beside his table's book. */
    private final class Memory {
        private int at;
        private long lost;
        private final List<String> trace = new ArrayList<>();
        /** By the hand's place in the book: the most that he can have done. */
        private final Map<Integer, HeardHand> answered = new TreeMap<>();

        /** The same hand may come again, after a log-in, and never an earlier one. */
        void compare(HeardHand heard) {
            List<List<Broadcast>> hands = book(heard.game()).hands;
            int best = at;
            int same = -1;
            for (int i = at; i < hands.size() && same < heard.told().size(); i++) {
                int common = common(hands.get(i), heard.told());
                if (common > same) {
                    best = i;
                    same = common;
                }
            }
            trace.add("hand " + best + ", " + same + " of " + heard.told().size() + " told, " + heard.answers()
                    + " answers: " + heard.told());
            if (same == heard.told().size()) {
                at = best;
                answered.merge(best, heard, (one, other) -> one.answers() >= other.answers() ? one : other);
                return;
            }
            List<Broadcast> gone =
                    heard.told().subList(Math.max(same, 0), heard.told().size());
            lost += gone.stream()
                    .filter(told -> HeardHand.isAction(told, heard.player()))
                    .count();
            find("game " + heard.game() + ": player " + heard.player() + " was told " + gone.getFirst()
                    + ", which its history does not have there");
            evidence(heard, hands.get(best));
        }

        private void evidence(HeardHand heard, List<Broadcast> hand) {
            evidence.add("player " + heard.player() + " of game " + heard.game() + ", whose history says " + hand
                    + "; what he was told:");
            evidence.addAll(trace);
        }

        /** A hand has each broadcast at the place of its number. */
        private static int common(List<Broadcast> hand, List<Broadcast> told) {
            int from = told.getFirst().seq();
            int common = 0;
            while (common < Math.min(hand.size() - from, told.size())
                    && hand.get(from + common).equals(told.get(common))) {
                common++;
            }
            return common;
        }

        private long doubled() {
            long doubled = 0;
            for (Map.Entry<Integer, HeardHand> each : answered.entrySet()) {
                HeardHand heard = each.getValue();
                List<Broadcast> hand = book(heard.game()).hands.get(each.getKey());
                int more = HeardHand.actions(hand, heard.player()) - heard.answers();
                if (more > 0) {
                    doubled += more;
                    find("game " + heard.game() + ": player " + heard.player() + " has acted " + more
                            + " times more than he has answered in hand " + each.getKey());
                    evidence(heard, hand);
                }
            }
            return doubled;
        }
    }
}
