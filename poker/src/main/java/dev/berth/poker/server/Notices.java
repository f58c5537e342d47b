package dev.berth.poker.server;

import dev.berth.poker.rules.Said;
import dev.berth.poker.wire.Packet;

/** What tables say, as packets of 2008. Any thread. */
public final class Notices {
    private Notices() {}

    /** What everybody hears of it. */
    public static Packet packet(long game, Said said, int seq) {
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
