package dev.berth.poker.rules;

import dev.berth.core.wire.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what {@link LineWriter} wrote, from the beginning. One thread. */
final class LineReader {
    private final ByteBuffer in;
    /** Who sits where, at the line at hand. */
    private final SortedMap<Integer, Long> players = new TreeMap<>();

    /** Reads who sits where, which comes first. */
    LineReader(Bytes lines) {
        in = ByteBuffer.wrap(lines.toArray());
        readPlayers();
    }

    int remaining() {
        return in.remaining();
    }

    private void readPlayers() {
        for (long count = number(); count > 0; count--) {
            players.put((int) number(), number());
        }
    }

    /** The next thing that was said. */
    Said read() {
        long kind = number();
        if (kind == 1) {
            String text = text();
            return new Said.Chat(number() - 1, text);
        }
        if (kind < 5) {
            return kind == 2 ? new Said.Started() : kind == 3 ? new Said.Cancelled() : new Said.Ended();
        }
        int what = kind > LineWriter.PRIVATE ? (int) kind - LineWriter.PRIVATE : (int) number();
        if (kind == 5) {
            players.put(what, number());
        }
        long player = players.getOrDefault(what, 0L);
        if (kind > LineWriter.PRIVATE) {
            return new Said.Private(player, what);
        }
        return switch ((int) kind) {
            case 5 -> new Said.Joined(player, what);
            case 6 -> new Said.Left(player, what);
            case 7 -> new Said.Button(what);
            case 8 -> new Said.SmallBlind(what);
            case 9 -> new Said.BigBlind(what);
            case 10 -> new Said.Bet(player, what, number());
            case 11 -> new Said.Called(player, what, number() - 1);
            case 12 -> new Said.Raised(player, what, number());
            case 13 -> new Said.State(player, what, (int) number());
            case 15 -> new Said.Shared((byte) what);
            case 16 -> new Said.Stage(what);
            case 17 -> new Said.Discarded(player, what, (int) number() - 1);
            case 18 -> new Said.Won(player, what, number());
            default ->
                throw new IllegalStateException(
                        "a line of kind " + kind + ": a newer build has written it, roll forward");
        };
    }

    long player(int seat) {
        return players.getOrDefault(seat, 0L);
    }

    long number() {
        long number = 0;
        int shift = 0;
        byte next;
        do {
            next = in.get();
            number |= (next & 127L) << shift;
            shift += 7;
        } while (next < 0);
        return number;
    }

    private String text() {
        byte[] text = new byte[(int) number()];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
