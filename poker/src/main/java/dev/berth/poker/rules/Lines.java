package dev.berth.poker.rules;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.rules.Output.BetAsked;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// What a step says is saved with it, so it is written in few bytes: a line has one to seven of them where a record
// would
// have thirty. A line names a seat, and in front stands who sits there, of those who are named at all: so whoever reads
// it
// needs nothing else.

/** What one step says, in a row, and whom it asks. Immutable; any thread. */
public final class Lines {
    /**
     * The same again.
     *
     * @param seq the number of the first line
     * @param asked whose turn it is to bet now; null if nobody's
     */
    public record Told(int seq, List<Said> said, @Nullable BetAsked asked) {
        public Told {
            said = List.copyOf(said);
        }
    }

    private Lines() {}

    public static Bytes write(Told told) {
        LineWriter out = new LineWriter();
        out.write(players(told));
        out.put(told.seq());
        BetAsked asked = told.asked();
        out.put(asked == null ? 0 : asked.seat());
        if (asked != null) {
            out.put(asked.call(), asked.raiseMin(), asked.raiseMax());
        }
        told.said().forEach(out::write);
        return out.bytes();
    }

    /** Who sat there before the first line; a line that somebody joins says who he is. */
    private static SortedMap<Integer, Long> players(Told told) {
        SortedMap<Integer, Long> players = new TreeMap<>();
        for (Said said : told.said()) {
            if (said instanceof Said.OfSeat of && !(said instanceof Said.Joined)) {
                players.putIfAbsent(of.seat(), of.player());
            }
        }
        BetAsked asked = told.asked();
        if (asked != null) {
            players.putIfAbsent(asked.seat(), asked.player());
        }
        return players;
    }

    /** An IllegalStateException if a newer build has written it. */
    public static Told read(Bytes lines) {
        LineReader in = new LineReader(lines);
        int seq = (int) in.number();
        int seat = (int) in.number();
        long call = seat == 0 ? 0 : in.number();
        long raiseMin = seat == 0 ? 0 : in.number();
        long raiseMax = seat == 0 ? 0 : in.number();
        List<Said> said = new ArrayList<>();
        while (in.remaining() > 0) {
            said.add(in.read());
        }
        // Behind the lines: he may have joined in one of them.
        return new Told(seq, said, seat == 0 ? null : new BetAsked(in.player(seat), seat, call, raiseMin, raiseMax));
    }
}
