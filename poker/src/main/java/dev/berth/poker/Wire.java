package dev.berth.poker;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.rules.Said;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packets;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a table says, as packets one behind the other. One thread. */
public final class Wire {
    private static final int LENGTH_BYTES = 2;

    private final long game;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);

    Wire(long game) {
        this.game = game;
    }

    void add(Said said, int seq) {
        Bytes packet = Packets.encode(packet(said, seq));
        bytes.write(packet.length() >> 8);
        bytes.write(packet.length());
        bytes.writeBytes(packet.toArray());
    }

    /** What was added since. */
    Bytes take() {
        Bytes all = Bytes.wrap(bytes.toByteArray());
        bytes.reset();
        return all;
    }

    /** The packets again. */
    public static List<Bytes> split(Bytes packets) {
        List<Bytes> all = new ArrayList<>();
        byte[] from = packets.toArray();
        for (int at = 0; at < from.length; ) {
            int length = ((from[at] & 0xff) << 8) | (from[at + 1] & 0xff);
            all.add(Bytes.wrap(Arrays.copyOfRange(from, at + LENGTH_BYTES, at + LENGTH_BYTES + length)));
            at += LENGTH_BYTES + length;
        }
        return all;
    }

    // ---- What a server has to know of a packet that it passes on

    public static int type(Bytes packet) {
        return packet.at(0) & 0xff;
    }

    /** Of those that have a player behind the game. */
    public static long player(Bytes packet) {
        return number(packet, 5, 4);
    }

    /** Of NOTIFY_PRIVATE. */
    public static int privateSeq(Bytes packet) {
        return (int) number(packet, 9, 2);
    }

    private static long number(Bytes packet, int at, int bytes) {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number = (number << 8) | (packet.at(at + i) & 0xff);
        }
        return number;
    }

    private Packet packet(Said said, int seq) {
        return switch (said) {
            case Said.Chat(long player, String text) -> new Packet.NotifyChat(game, player, seq, text);
            case Said.Started() -> new Packet.NotifyStartGame(game, seq);
            case Said.Cancelled() -> new Packet.NotifyCancelGame(game, seq);
            case Said.Ended() -> new Packet.NotifyEndGame(game, seq);
            case Said.Joined(long player, int seat) -> new Packet.NotifyJoin(game, player, seat, seq);
            case Said.Left(long player, int _) -> new Packet.NotifyLeave(game, player, seq);
            case Said.Button(int seat) -> new Packet.NotifyButton(game, seat, seq);
            case Said.SmallBlind(int seat) -> new Packet.NotifySb(game, seat, seq);
            case Said.BigBlind(int seat) -> new Packet.NotifyBb(game, seat, seq);
            case Said.Bet(long player, int _, long amount) -> new Packet.NotifyBet(game, player, amount, seq);
            case Said.Called(long player, int _, long amount) -> new Packet.NotifyCall(game, player, amount, seq);
            case Said.Raised(long player, int _, long amount) -> new Packet.NotifyRaise(game, player, amount, seq);
            case Said.State(long player, int _, int state) -> new Packet.PlayerState(game, player, state, seq);
            case Said.Private(long player, int _) -> new Packet.NotifyPrivate(game, player, seq);
            case Said.Shared(byte card) -> new Packet.NotifyShared(game, card, seq);
            case Said.Stage(int stage) -> new Packet.GameStage(game, stage, seq);
            // No packet of 2008 has it.
            case Said.Discarded(long player, int _, int count) ->
                new Packet.NotifyChat(game, 0, seq, player + " discards " + count);
            case Said.Won(long player, int _, long amount) -> new Packet.NotifyWin(game, player, amount, seq);
        };
    }
}
