package dev.berth.poker.rules;

import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;

// Who comes back hears everything again since the hand began. It is kept beside the table, not in it. Lines have a
// writing of
// their own, one to seven bytes where a record would have thirty, and room behind them that is mostly not full: so one
// line more changes the bytes where it comes to stand, and no length in front of all of them.

/**
 * What a table has said since its hand began. Any thread.
 *
 * @param first the number of the oldest line
 * @param lines as {@link LineWriter} writes them, and zeros, which are room
 */
public record History(int first, Bytes lines) {
    /** Of more than this the older half goes: a crowd that chats, or a table that waits for players all night. */
    public static final int BYTES_MAX = 8_192;

    private static final int ROOM = 256;
    /** For an ordinary hand. */
    private static final int ROOM_PER_PLAYER = 64;

    public static final History EMPTY = begun(List.of());

    /** A history that goes on with the broadcasts among these outputs. */
    public History after(List<? extends Output> outputs) {
        History history = this;
        LineWriter added = new LineWriter();
        for (Output output : outputs) {
            if (output instanceof Output.HandBegins begins) {
                added.clear();
                history = begun(begins.players());
            } else if (output instanceof Output.Broadcast broadcast) {
                added.write(broadcast.said());
            }
        }
        return added.length() == 0 ? history : history.with(added);
    }

    private static History begun(List<Long> players) {
        byte[] all = new byte[ROOM + ROOM_PER_PLAYER * players.size()];
        LineWriter first = new LineWriter();
        first.write(players);
        first.copyTo(all, 0);
        return new History(0, Bytes.wrap(all));
    }

    private History with(LineWriter added) {
        int end = end() + added.length();
        int room = lines.length();
        while (room < end) {
            room *= 2;
        }
        byte[] all = new byte[end <= BYTES_MAX ? Math.min(room, BYTES_MAX) : room];
        lines.copyTo(all, 0);
        added.copyTo(all, end());
        History longer = new History(first, Bytes.wrap(all));
        return end <= BYTES_MAX ? longer : longer.shortened();
    }

    private int end() {
        int end = lines.length();
        while (lines.at(end - 1) == 0) {
            end--;
        }
        return end;
    }

    private History shortened() {
        LineReader in = new LineReader(lines, end());
        int from = first;
        while (in.remaining() > BYTES_MAX / 2) {
            in.read();
            from++;
        }
        LineWriter players = new LineWriter();
        players.write(in.players());
        byte[] all = new byte[BYTES_MAX];
        players.copyTo(all, 0);
        System.arraycopy(lines.toArray(), end() - in.remaining(), all, players.length(), in.remaining());
        return new History(from & 0xFFFF, Bytes.wrap(all));
    }

    /** All of it as it was said, to {@code to} alone. */
    public List<Output.Broadcast> again(long to) {
        List<Output.Broadcast> again = new ArrayList<>();
        LineReader in = new LineReader(lines, end());
        List<Long> him = List.of(to);
        for (int seq = first; in.remaining() > 0; seq = seq + 1 & 0xFFFF) {
            again.add(new Output.Broadcast(seq, in.read(), him));
        }
        return again;
    }
}
