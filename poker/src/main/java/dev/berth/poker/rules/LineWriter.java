package dev.berth.poker.rules;

import dev.berth.core.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;

// A seat is a byte where a player's number is three. The numbers of kinds are kept on disk: a new one gets a new
// number,
// an old one keeps its own.

/** Writes what was said as {@link Lines} has it: its kind in a byte, its numbers seven bits at a time. One thread. */
final class LineWriter {
    /** And a seat behind it, for what is said most often. */
    static final int PRIVATE = 64;

    private byte[] bytes = new byte[64];
    private int length;

    /** Who sits where: it comes before all lines. */
    void write(SortedMap<Integer, Long> players) {
        put(players.size());
        players.forEach((seat, player) -> put(seat, player));
    }

    void write(Said said) {
        switch (said) {
            case Said.Chat chat -> {
                byte[] text = chat.text().getBytes(StandardCharsets.UTF_8);
                put(1, text.length);
                append(text, 0, text.length);
                put(chat.player() + 1);
            }
            case Said.Started started -> put(2);
            case Said.Cancelled cancelled -> put(3);
            case Said.Ended ended -> put(4);
            case Said.Joined joined -> put(5, joined.seat(), joined.player());
            case Said.Left left -> put(6, left.seat());
            case Said.Button button -> put(7, button.seat());
            case Said.SmallBlind blind -> put(8, blind.seat());
            case Said.BigBlind blind -> put(9, blind.seat());
            case Said.Bet bet -> put(10, bet.seat(), bet.amount());
            case Said.Called called -> put(11, called.seat(), called.amount() + 1);
            case Said.Raised raised -> put(12, raised.seat(), raised.amount());
            case Said.State state -> put(13, state.seat(), state.state());
            case Said.Private dealt -> put(PRIVATE + dealt.seat());
            case Said.Shared shared -> put(15, shared.card());
            case Said.Stage stage -> put(16, stage.stage());
            case Said.Discarded discarded -> put(17, discarded.seat(), discarded.count() + 1);
            case Said.Won won -> put(18, won.seat(), won.amount());
        }
    }

    Bytes bytes() {
        return Bytes.wrap(Arrays.copyOf(bytes, length));
    }

    void put(long... numbers) {
        for (long number : numbers) {
            put(number);
        }
    }

    private void put(long number) {
        long rest = number;
        for (; rest > 127; rest >>>= 7) {
            append((byte) ((rest & 127) | 128));
        }
        append((byte) rest);
    }

    private void append(byte next) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        bytes[length++] = next;
    }

    private void append(byte[] next, int from, int count) {
        for (int i = 0; i < count; i++) {
            append(next[from + i]);
        }
    }
}
