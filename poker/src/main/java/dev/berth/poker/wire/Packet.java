package dev.berth.poker.wire;

import dev.berth.core.wire.Bytes;

// Names are those of the protocol, so that its document can be read beside this. Games and players are unsigned 32
// bits, in a long; player 0 is the house. Money is whole cents. A card is a byte, as the rules have it. Records hold
// what the bytes can hold and judge nothing: what a seat 0 or an operator 9 means is the server's matter.

/** What is said between a client and a server of OpenPoker. Immutable; any thread. */
public sealed interface Packet {
    /** What a client says. */
    sealed interface Command extends Packet {}

    /** What a client says about one game, which has to exist: if not, the connection is closed. */
    sealed interface GameCommand extends Command {
        long game();
    }

    /** What a server says. */
    sealed interface Notice extends Packet {}

    /** What all at a table hear; numbered from 0 in each hand, from 65,535 on with 0. */
    sealed interface Broadcast extends Notice {
        long game();

        int seq();
    }

    record Login(String nick, String password) implements Command {}

    record Logout() implements Command {}

    record Watch(long game) implements GameCommand {}

    record Unwatch(long game) implements GameCommand {}

    record Call(long game, long amount) implements GameCommand {}

    /** @param amount what is put on top of the call */
    record Raise(long game, long amount) implements GameCommand {}

    record Fold(long game) implements GameCommand {}

    record Join(long game, int seat, long buyIn) implements GameCommand {}

    record Leave(long game) implements GameCommand {}

    record SitOut(long game) implements GameCommand {}

    record ComeBack(long game) implements GameCommand {}

    record Chat(long game, String message) implements GameCommand {}

    /** Which games are there. Each operator compares what a game has with the number behind it. */
    record GameQuery(
            int gameType,
            int limitType,
            int seatsOperator,
            int seats,
            int joinedOperator,
            int joined,
            int waitingOperator,
            int waiting)
            implements Command {
        private static final int IGNORE = 0;
        private static final int EQUAL = 1;
        private static final int LESS = 2;
        private static final int GREATER = 3;

        /** All games of one kind. */
        public static GameQuery all(int gameType, int limitType) {
            return new GameQuery(gameType, limitType, IGNORE, 0, IGNORE, 0, IGNORE, 0);
        }

        /** Whether this game is among the answers. Types have no wildcard. */
        public boolean matches(GameInfo info) {
            return info.gameType() == gameType
                    && info.limitType() == limitType
                    && holds(seatsOperator, info.seats(), seats)
                    && holds(joinedOperator, info.joined(), joined)
                    && holds(waitingOperator, info.waiting(), waiting);
        }

        private static boolean holds(int operator, int has, int given) {
            return switch (operator) {
                case IGNORE -> true;
                case EQUAL -> has == given;
                case LESS -> has < given;
                case GREATER -> has > given;
                default -> false;
            };
        }
    }

    record SeatQuery(long game) implements GameCommand {}

    record PlayerInfoReq(long player) implements Command {}

    record NewGameReq(int gameType, int seats, int limitType, long lowLimit, long highLimit) implements Command {}

    record BalanceReq() implements Command {}

    /**
     * A game with known cards, in test mode only.
     *
     * @param gameType 1 or 2
     * @param players as many seats, and as many players to start
     * @param lowLimit in cents, as all money here; in the bytes it is units
     * @param cards the deck, from its front: the first card of each seat, the second of each, then the board; doubles are none of
     *     our business
     */
    record MakeTestGame(
            int gameType,
            int players,
            long lowLimit,
            long highLimit,
            int startDelayMillis,
            int playerTimeoutMillis,
            Bytes cards)
            implements Command {}

    record Ping() implements Command {}

    /** @param command the type of what was asked, by its number */
    record Good(int command, long extra) implements Notice {}

    /** @param command the type of what was asked, by its number */
    record Bad(int command, int error) implements Notice {
        public static final int UNKNOWN = 0;
        public static final int NICK_OR_PASSWORD = 1;
        public static final int ACCOUNT_DISABLED = 2;
        public static final int NO_NEW_GAMES = 3;
    }

    record GameInfo(
            long game, int gameType, int seats, int joined, int waiting, int limitType, long lowLimit, long highLimit)
            implements Notice {}

    record PlayerInfo(long player, long inPlay, String nick, String location) implements Notice {}

    record BetReq(long game, long call, long raiseMin, long raiseMax) implements Notice {}

    /** To its owner only. {@code seq} is that of the NOTIFY_PRIVATE which follows it. */
    record NotifyDraw(long game, byte card, int seq) implements Notice {}

    record NotifyPrivate(long game, long player, int seq) implements Broadcast {}

    record NotifyShared(long game, byte card, int seq) implements Broadcast {}

    record NotifyJoin(long game, long player, int seat, int seq) implements Broadcast {}

    record NotifyLeave(long game, long player, int seq) implements Broadcast {}

    record NotifyChat(long game, long player, int seq, String message) implements Broadcast {}

    record NotifyStartGame(long game, int seq) implements Broadcast {}

    record NotifyEndGame(long game, int seq) implements Broadcast {}

    record NotifyCancelGame(long game, int seq) implements Broadcast {}

    record NotifyWin(long game, long player, long amount, int seq) implements Broadcast {}

    record NotifyBet(long game, long player, long amount, int seq) implements Broadcast {}

    record NotifyRaise(long game, long player, long amount, int seq) implements Broadcast {}

    record NotifyCall(long game, long player, long amount, int seq) implements Broadcast {}

    record PlayerState(long game, long player, int state, int seq) implements Broadcast {
        public static final int FOLD = 2;
        public static final int ALL_IN = 32;
    }

    record GameStage(long game, int stage, int seq) implements Broadcast {}

    /** @param player 0 if the seat is empty */
    record SeatState(long game, int seat, int state, long player) implements Notice {
        public static final int EMPTY = 0;
        public static final int TAKEN = 2;
    }

    record NotifyButton(long game, int seat, int seq) implements Broadcast {}

    record NotifySb(long game, int seat, int seq) implements Broadcast {}

    record NotifyBb(long game, int seat, int seq) implements Broadcast {}

    record Pid(long player) implements Notice {}

    record Handoff(int port, String host) implements Notice {}

    record BalanceInfo(long balance, long inPlay) implements Notice {}

    record Pong() implements Notice {}
}
