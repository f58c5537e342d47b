package dev.berth.poker.wire;

import static dev.berth.poker.wire.PacketWriter.numbers;
import static dev.berth.poker.wire.PacketWriter.text;
import static dev.berth.poker.wire.PacketWriter.texts;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.rules.Card;
import dev.berth.poker.wire.Packet.Command;
import dev.berth.poker.wire.Packet.Notice;

// A packet is written once, whoever is to hear it: its bytes say nothing about the hearer.

/** Packets from and to bytes, without the length that stands before them in a stream. Any thread. */
public final class Packets {
    /** The longest packet that a server reads. */
    public static final int COMMAND_MAX = 2048;
    /** The longest packet that a client reads. */
    public static final int NOTICE_MAX = 1024;
    /** The longest text. */
    public static final int TEXT_MAX = 255;

    private Packets() {}

    /** What a client has said. */
    public static Command command(Bytes body) throws PacketException {
        refuseOver(COMMAND_MAX, body);
        PacketReader in = new PacketReader(body);
        if (read(in) instanceof Command command) {
            return command;
        }
        throw PacketException.notFor("client", in.type(), body.length());
    }

    /** What a server has said. */
    public static Notice notice(Bytes body) throws PacketException {
        refuseOver(NOTICE_MAX, body);
        PacketReader in = new PacketReader(body);
        if (read(in) instanceof Notice notice) {
            return notice;
        }
        throw PacketException.notFor("server", in.type(), body.length());
    }

    /** Whether it is of a type of the protocol; clients skip others. */
    public static boolean isKnown(Bytes body) {
        return body.length() > 0 && PacketType.of(body.at(0)) != null;
    }

    /** @throws IllegalArgumentException when a number or a text does not fit its field */
    public static Bytes encode(Packet packet) {
        return switch (packet) {
            case Notice notice -> written(notice);
            case Command command -> written(command);
        };
    }

    private static void refuseOver(int max, Bytes body) throws PacketException {
        if (body.length() > max) {
            throw PacketException.tooLong(body.at(0) & 0xff, body.length(), max);
        }
    }

    private static Packet read(PacketReader in) throws PacketException {
        Packet packet = fields(in);
        return in.type() == PacketType.LOGIN ? packet : in.end(packet);
    }

    private static Packet fields(PacketReader in) throws PacketException {
        return switch (in.type()) {
            case GOOD -> new Packet.Good(in.u8(), in.u32());
            case LOGIN -> new Packet.Login(in.string(), in.string());
            case LOGOUT -> new Packet.Logout();
            case WATCH -> new Packet.Watch(in.u32());
            case UNWATCH -> new Packet.Unwatch(in.u32());
            case CALL -> new Packet.Call(in.u32(), in.u32());
            case RAISE -> new Packet.Raise(in.u32(), in.u32());
            case FOLD -> new Packet.Fold(in.u32());
            case JOIN -> new Packet.Join(in.u32(), in.u8(), in.u32());
            case LEAVE -> new Packet.Leave(in.u32());
            case SIT_OUT -> new Packet.SitOut(in.u32());
            case COME_BACK -> new Packet.ComeBack(in.u32());
            case CHAT -> new Packet.Chat(in.u32(), in.string());
            case GAME_INFO ->
                new Packet.GameInfo(in.u32(), in.u8(), in.u8(), in.u8(), in.u8(), in.u8(), in.u32(), in.u32());
            case PLAYER_INFO -> new Packet.PlayerInfo(in.u32(), in.u32(), in.string(), in.string());
            case BET_REQ -> new Packet.BetReq(in.u32(), in.u32(), in.u32(), in.u32());
            case NOTIFY_DRAW -> new Packet.NotifyDraw(in.u32(), in.card(), in.u16());
            case NOTIFY_PRIVATE -> new Packet.NotifyPrivate(in.u32(), in.u32(), in.u16());
            case NOTIFY_SHARED -> new Packet.NotifyShared(in.u32(), in.card(), in.u16());
            case NOTIFY_JOIN -> new Packet.NotifyJoin(in.u32(), in.u32(), in.u8(), in.u16());
            case NOTIFY_LEAVE -> new Packet.NotifyLeave(in.u32(), in.u32(), in.u16());
            case NOTIFY_CHAT -> new Packet.NotifyChat(in.u32(), in.u32(), in.u16(), in.string());
            case NOTIFY_START_GAME -> new Packet.NotifyStartGame(in.u32(), in.u16());
            case NOTIFY_END_GAME -> new Packet.NotifyEndGame(in.u32(), in.u16());
            case NOTIFY_WIN -> new Packet.NotifyWin(in.u32(), in.u32(), in.u32(), in.u16());
            case NOTIFY_BET -> new Packet.NotifyBet(in.u32(), in.u32(), in.u32(), in.u16());
            case NOTIFY_RAISE -> new Packet.NotifyRaise(in.u32(), in.u32(), in.u32(), in.u16());
            case NOTIFY_CALL -> new Packet.NotifyCall(in.u32(), in.u32(), in.u32(), in.u16());
            case PLAYER_STATE -> new Packet.PlayerState(in.u32(), in.u32(), in.u8(), in.u16());
            case GAME_STAGE -> new Packet.GameStage(in.u32(), in.u8(), in.u16());
            case SEAT_STATE -> new Packet.SeatState(in.u32(), in.u8(), in.u8(), in.u32());
            case NOTIFY_BUTTON -> new Packet.NotifyButton(in.u32(), in.u8(), in.u16());
            case PID -> new Packet.Pid(in.u32());
            case HANDOFF -> new Packet.Handoff(in.u16(), in.string());
            case GAME_QUERY ->
                new Packet.GameQuery(in.u8(), in.u8(), in.u8(), in.u8(), in.u8(), in.u8(), in.u8(), in.u8());
            case NOTIFY_CANCEL_GAME -> new Packet.NotifyCancelGame(in.u32(), in.u16());
            case SEAT_QUERY -> new Packet.SeatQuery(in.u32());
            case PLAYER_INFO_REQ -> new Packet.PlayerInfoReq(in.u32());
            case NEW_GAME_REQ -> new Packet.NewGameReq(in.u8(), in.u8(), in.u8(), in.u32(), in.u32());
            case BALANCE_REQ -> new Packet.BalanceReq();
            case BALANCE_INFO -> new Packet.BalanceInfo(in.u32(), in.u32());
            case NOTIFY_SB -> new Packet.NotifySb(in.u32(), in.u8(), in.u16());
            case NOTIFY_BB -> new Packet.NotifyBb(in.u32(), in.u8(), in.u16());
            case BAD -> new Packet.Bad(in.u8(), in.u8());
            case PONG -> new Packet.Pong();
            case PING -> new Packet.Ping();
            case MAKE_TEST_GAME -> TestGameTerm.read(in);
        };
    }

    // Those first that are said most.
    private static Bytes written(Notice notice) {
        return switch (notice) {
            case Packet.NotifyCall p -> numbers(PacketType.NOTIFY_CALL, p.game(), p.player(), p.amount(), p.seq());
            case Packet.NotifyRaise p -> numbers(PacketType.NOTIFY_RAISE, p.game(), p.player(), p.amount(), p.seq());
            case Packet.NotifyPrivate p -> numbers(PacketType.NOTIFY_PRIVATE, p.game(), p.player(), p.seq());
            case Packet.PlayerState p -> numbers(PacketType.PLAYER_STATE, p.game(), p.player(), p.state(), p.seq());
            case Packet.GameStage p -> numbers(PacketType.GAME_STAGE, p.game(), p.stage(), p.seq());
            case Packet.NotifyShared p ->
                numbers(PacketType.NOTIFY_SHARED, p.game(), Card.rank(p.card()), Card.suit(p.card()), p.seq());
            case Packet.NotifyDraw p ->
                numbers(PacketType.NOTIFY_DRAW, p.game(), Card.rank(p.card()), Card.suit(p.card()), p.seq());
            case Packet.BetReq p -> numbers(PacketType.BET_REQ, p.game(), p.call(), p.raiseMin(), p.raiseMax());
            case Packet.NotifyBet p -> numbers(PacketType.NOTIFY_BET, p.game(), p.player(), p.amount(), p.seq());
            case Packet.NotifyWin p -> numbers(PacketType.NOTIFY_WIN, p.game(), p.player(), p.amount(), p.seq());
            case Packet.Good p -> numbers(PacketType.GOOD, p.command(), p.extra());
            case Packet.GameInfo p ->
                numbers(
                        PacketType.GAME_INFO,
                        p.game(),
                        p.gameType(),
                        p.seats(),
                        p.joined(),
                        p.waiting(),
                        p.limitType(),
                        p.lowLimit(),
                        p.highLimit());
            case Packet.PlayerInfo p -> texts(PacketType.PLAYER_INFO, p.nick(), p.location(), p.player(), p.inPlay());
            case Packet.NotifyJoin p -> numbers(PacketType.NOTIFY_JOIN, p.game(), p.player(), p.seat(), p.seq());
            case Packet.NotifyLeave p -> numbers(PacketType.NOTIFY_LEAVE, p.game(), p.player(), p.seq());
            case Packet.NotifyChat p -> text(PacketType.NOTIFY_CHAT, p.message(), p.game(), p.player(), p.seq());
            case Packet.NotifyStartGame p -> numbers(PacketType.NOTIFY_START_GAME, p.game(), p.seq());
            case Packet.NotifyEndGame p -> numbers(PacketType.NOTIFY_END_GAME, p.game(), p.seq());
            case Packet.SeatState p -> numbers(PacketType.SEAT_STATE, p.game(), p.seat(), p.state(), p.player());
            case Packet.NotifyButton p -> numbers(PacketType.NOTIFY_BUTTON, p.game(), p.seat(), p.seq());
            case Packet.Pid p -> numbers(PacketType.PID, p.player());
            case Packet.Handoff p -> text(PacketType.HANDOFF, p.host(), p.port());
            case Packet.NotifyCancelGame p -> numbers(PacketType.NOTIFY_CANCEL_GAME, p.game(), p.seq());
            case Packet.BalanceInfo p -> numbers(PacketType.BALANCE_INFO, p.balance(), p.inPlay());
            case Packet.NotifySb p -> numbers(PacketType.NOTIFY_SB, p.game(), p.seat(), p.seq());
            case Packet.NotifyBb p -> numbers(PacketType.NOTIFY_BB, p.game(), p.seat(), p.seq());
            case Packet.Bad p -> numbers(PacketType.BAD, p.command(), p.error());
            case Packet.Pong _ -> numbers(PacketType.PONG);
        };
    }

    private static Bytes written(Command command) {
        return switch (command) {
            case Packet.Login p -> texts(PacketType.LOGIN, p.nick(), p.password());
            case Packet.Logout _ -> numbers(PacketType.LOGOUT);
            case Packet.Watch p -> numbers(PacketType.WATCH, p.game());
            case Packet.Unwatch p -> numbers(PacketType.UNWATCH, p.game());
            case Packet.Call p -> numbers(PacketType.CALL, p.game(), p.amount());
            case Packet.Raise p -> numbers(PacketType.RAISE, p.game(), p.amount());
            case Packet.Fold p -> numbers(PacketType.FOLD, p.game());
            case Packet.Join p -> numbers(PacketType.JOIN, p.game(), p.seat(), p.buyIn());
            case Packet.Leave p -> numbers(PacketType.LEAVE, p.game());
            case Packet.SitOut p -> numbers(PacketType.SIT_OUT, p.game());
            case Packet.ComeBack p -> numbers(PacketType.COME_BACK, p.game());
            case Packet.Chat p -> text(PacketType.CHAT, p.message(), p.game());
            case Packet.GameQuery p ->
                numbers(
                        PacketType.GAME_QUERY,
                        p.gameType(),
                        p.limitType(),
                        p.seatsOperator(),
                        p.seats(),
                        p.joinedOperator(),
                        p.joined(),
                        p.waitingOperator(),
                        p.waiting());
            case Packet.SeatQuery p -> numbers(PacketType.SEAT_QUERY, p.game());
            case Packet.PlayerInfoReq p -> numbers(PacketType.PLAYER_INFO_REQ, p.player());
            case Packet.NewGameReq p ->
                numbers(PacketType.NEW_GAME_REQ, p.gameType(), p.seats(), p.limitType(), p.lowLimit(), p.highLimit());
            case Packet.BalanceReq _ -> numbers(PacketType.BALANCE_REQ);
            case Packet.Ping _ -> numbers(PacketType.PING);
            case Packet.MakeTestGame p -> TestGameTerm.write(p);
        };
    }
}
