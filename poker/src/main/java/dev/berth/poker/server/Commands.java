package dev.berth.poker.server;

import dev.berth.core.call.Outcome;
import dev.berth.core.wire.Bytes;
import dev.berth.node.entity.Denied;
import dev.berth.node.session.Credentials;
import dev.berth.node.session.LoginRefusedException;
import dev.berth.poker.Catalog;
import dev.berth.poker.OpenTable;
import dev.berth.poker.Player;
import dev.berth.poker.rules.Deck;
import dev.berth.poker.rules.Event;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.rules.Terms;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.PacketType;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the commands of one client do; one at a time, on a thread that may wait, or on any and the answer goes on. */
final class Commands {
    /** Hears, once, how a command has ended; on the node's loop, or at once. */
    interface Ending {
        void ended(Outcome<?> outcome);
    }

    /** Tries of one LOGIN that has to wait, because too many were wrong or too many log in at this moment. */
    private static final int TRIES = 3;

    private static final int FIXED = 1;
    /** Of games that players open, as in 2008. */
    private static final int DELAY_MILLIS = 10_000;

    private static final int TURN_MILLIS = 15_000;
    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

    private final PokerServer server;
    private final Line line;

    Commands(PokerServer server, Line line) {
        this.server = server;
        this.line = line;
    }

    // ---- What goes on by itself; none of it waits

    /** False if it has to be {@link #run}. */
    boolean begin(Packet.Command command, Ending end) {
        long player = line.player();
        switch (command) {
            case Packet.Watch(long game) -> beginWatch(game, end);
            case Packet.Logout _ when player != 0 -> beginLogout(player, line.login(), end);
            case Packet.Join join when player != 0 -> beginJoin(join, player, end);
            case Packet.GameCommand of
            when player != 0 -> {
                Event event = event(of, player);
                if (event == null) {
                    return false;
                }
                ofTable(of.game(), event instanceof Event.Act ? "acts" : "happens", end, line.login(), event);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Null for a command that is none at a table. */
    private static @Nullable Event event(Packet.GameCommand command, long player) {
        return switch (command) {
            case Packet.Call call -> new Event.Call(player, call.amount());
            case Packet.Raise raise -> new Event.Raise(player, raise.amount());
            case Packet.Fold _ -> new Event.Fold(player);
            case Packet.Leave _ -> new Event.Leave(player);
            case Packet.SitOut _ -> new Event.SitOut(player);
            case Packet.ComeBack _ -> new Event.ComeBack(player);
            case Packet.Watch _, Packet.Unwatch _, Packet.SeatQuery _, Packet.Join _, Packet.Chat _ -> null;
        };
    }

    private void ofTable(long game, String method, Ending end, Object... arguments) {
        server.call(OpenTable.class, game, method, line.client(), end::ended, arguments);
    }

    private void beginWatch(long game, Ending end) {
        ofTable(game, "watch", outcome -> {
            if (outcome instanceof Outcome.Done<?>(Long last)) {
                line.hear(game, last + 1, 0);
            }
            end.ended(outcome);
        });
    }

    private void beginJoin(Packet.Join join, long player, Ending end) {
        long game = join.game();
        long login = line.login();
        ofTable(game, "watch", outcome -> {
            if (!(outcome instanceof Outcome.Done<?>(Long last))) {
                end.ended(outcome);
                return;
            }
            TableEar ear = line.tables().get(game);
            if (ear == null || !ear.joinsAgain(last)) {
                line.hearOnceSeated(game, last + 1);
            }
            server.call(
                    Player.class, player, "join", line.client(), end::ended, login, game, join.seat(), join.buyIn());
        });
    }

    /** To log out is to leave every table. */
    private void beginLogout(long player, long login, Ending end) {
        server.call(
                Player.class,
                player,
                "logOut",
                line.client(),
                outcome -> {
                    if (outcome instanceof Outcome.Done<?>(List<?> joined) && joined.isEmpty()) {
                        line.isVisitor();
                        line.say(new Packet.Good(PacketType.LOGOUT.code(), 0));
                        end.ended(outcome);
                    } else if (outcome instanceof Outcome.Done<?>) {
                        server.work(() -> line.run(new Packet.Logout(), end));
                    } else {
                        end.ended(outcome);
                    }
                },
                login);
    }

    /** He plays on; nobody waits for that to be known. */
    void detach(long player, long login) {
        server.call(
                Player.class,
                player,
                "detach",
                line.client(),
                outcome -> {
                    if (!(outcome instanceof Outcome.Done<?>)) {
                        LOG.info(
                                "{}: player {} is not told that his connection is lost: {}",
                                line.client(),
                                player,
                                outcome);
                    }
                },
                login);
    }

    // ---- What may wait

    void run(Packet.Command command) {
        switch (command) {
            case Packet.Login login -> login(login);
            case Packet.Logout _ -> logout();
            case Packet.GameQuery query -> query(query);
            case Packet.MakeTestGame game -> make(game);
            case Packet.PlayerInfoReq asked -> playerInfo(asked.player());
            case Packet.BalanceReq _ -> balance();
            case Packet.NewGameReq wanted -> {
                if (line.player() != 0) {
                    line.say(open(wanted));
                }
            }
            case Packet.GameCommand of -> ofGame(of);
            case Packet.Ping _ -> line.say(new Packet.Pong());
        }
    }

    private OpenTable table(long game) {
        return server.agent(OpenTable.class, game);
    }

    private Player me() {
        return server.agent(Player.class, line.player());
    }

    private void ofGame(Packet.GameCommand command) {
        long game = command.game();
        switch (command) {
            case Packet.Unwatch _ -> unwatch(game);
            case Packet.SeatQuery _ -> seats(game);
            case Packet.Chat chat -> {
                if (line.player() != 0 && line.hears(game)) {
                    table(game).chat(line.login(), line.player(), chat.message());
                } else {
                    table(game).look(0);
                }
            }
            // By a visitor: it means nothing, but there has to be such a game.
            case Packet.Watch _,
                    Packet.Join _,
                    Packet.Call _,
                    Packet.Raise _,
                    Packet.Fold _,
                    Packet.Leave _,
                    Packet.SitOut _,
                    Packet.ComeBack _ -> table(game).look(0);
        }
    }

    // ---- Login

    private void login(Packet.Login login) {
        long who;
        try {
            who = authenticate(login);
        } catch (LoginRefusedException refused) {
            int error = switch (refused.why()) {
                case DENIED -> Packet.Bad.NICK_OR_PASSWORD;
                case DISABLED -> Packet.Bad.ACCOUNT_DISABLED;
                default -> Packet.Bad.UNKNOWN;
            };
            line.say(new Packet.Bad(PacketType.LOGIN.code(), error));
            return;
        }
        if (line.player() != 0 && line.player() != who) {
            server.agent(Player.class, line.player()).detach(line.login());
        }
        long way = line.client().way().address().value();
        Player.Attached attached = server.agent(Player.class, who).attach(way);
        if (attached.before() != 0 && attached.before() != way) {
            server.supersede(attached.before(), new Line.Attachment(who, attached.login()));
        }
        line.is(who, attached.login());
        line.say(new Packet.Pid(who));
        List<Player.Joined> games = attached.joined();
        for (Player.Joined joined : games) {
            OpenTable.Back back = table(joined.game()).back(who, attached.login());
            boolean isLast = joined.equals(games.getLast());
            line.hear(joined.game(), isLast ? back.began() : back.last() + 1, back.last());
        }
    }

    /** A client of 2008 cannot be told to wait, so it waits here. */
    private long authenticate(Packet.Login login) {
        Credentials who = new Credentials(
                login.nick(),
                Bytes.utf8(login.password()),
                "OpenPoker",
                line.client().remote());
        for (int i = 1; ; i++) {
            try {
                return (Long) server.lobby().login(who).value();
            } catch (LoginRefusedException refused) {
                if (refused.retryMillis() == 0 || i == TRIES) {
                    throw refused;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(refused.retryMillis()));
            }
        }
    }

    /** To log out is to leave every table. */
    private void logout() {
        long player = line.player();
        if (player != 0) {
            for (Player.Joined joined : me().info().joined()) {
                table(joined.game()).happens(line.login(), new Event.Leave(player));
            }
            long login = line.login();
            line.isVisitor();
            server.agent(Player.class, player).detach(login);
        }
        line.say(new Packet.Good(PacketType.LOGOUT.code(), 0));
    }

    // ---- Lobby

    private void query(Packet.GameQuery query) {
        for (int shelf = 0; shelf < Catalog.SHELVES; shelf++) {
            for (Catalog.Listed listed : server.agent(Catalog.class, shelf).all()) {
                Packet.GameInfo info = info(listed);
                if (query.matches(info)) {
                    line.say(info);
                }
            }
        }
    }

    private static Packet.GameInfo info(Catalog.Listed listed) {
        Terms terms = listed.terms();
        // 2008 knows fixed limits only, and its client crashes on another number.
        int type = terms.game() == Game.TEXAS_FIXED ? terms.type() : 0;
        return new Packet.GameInfo(
                listed.game(), type, terms.seats(), listed.taken(), 0, FIXED, terms.low(), terms.high());
    }

    private void seats(long game) {
        for (TableView.Seat seat : table(game).look(0).view().seats()) {
            line.say(new Packet.SeatState(
                    game,
                    seat.number(),
                    seat.isTaken() ? Packet.SeatState.TAKEN : Packet.SeatState.EMPTY,
                    seat.isTaken() ? seat.player() : 0));
        }
    }

    private void playerInfo(long player) {
        try {
            Player.Info info = server.agent(Player.class, player).info();
            if (info.online()) {
                line.say(new Packet.PlayerInfo(player, info.inPlay(), info.nick(), ""));
            }
        } catch (Denied nobody) {
            // No answer is the answer.
            return;
        }
    }

    private void balance() {
        if (line.player() != 0) {
            Player.Info info = me().info();
            line.say(new Packet.BalanceInfo(info.balance(), info.inPlay()));
        }
    }

    // ---- Games

    private void unwatch(long game) {
        boolean sits = table(game).look(line.player()).view().seatOf(line.player()) != 0;
        if (!sits || line.player() == 0) {
            line.hearNoMore(game);
        }
    }

    private Packet open(Packet.NewGameReq wanted) {
        int code = PacketType.NEW_GAME_REQ.code();
        if (!server.newGames().players()) {
            return new Packet.Bad(code, Packet.Bad.NO_NEW_GAMES);
        }
        try {
            Terms terms = new Terms(
                    Game.TEXAS_FIXED,
                    wanted.gameType(),
                    wanted.seats(),
                    wanted.lowLimit(),
                    wanted.highLimit(),
                    DELAY_MILLIS,
                    TURN_MILLIS,
                    2);
            if (wanted.limitType() != FIXED) {
                return new Packet.Bad(code, Packet.Bad.UNKNOWN);
            }
            long game = me().newGame(line.login());
            table(game).lend(terms, null, server.newGames().emptyMillis());
            return new Packet.Good(code, game);
        } catch (IllegalArgumentException | Denied refused) {
            LOG.info("{}: no new game: {}", line.client(), refused.getMessage());
            return new Packet.Bad(code, Packet.Bad.UNKNOWN);
        }
    }

    /** Only where anybody may know the cards. */
    private void make(Packet.MakeTestGame wanted) {
        if (!server.newGames().known()) {
            return;
        }
        Terms terms = new Terms(
                Game.TEXAS_FIXED,
                wanted.gameType(),
                wanted.players(),
                wanted.lowLimit(),
                wanted.highLimit(),
                wanted.startDelayMillis(),
                wanted.playerTimeoutMillis(),
                wanted.players());
        long game = server.games().next();
        Deck deck = Deck.startingWith(wanted.cards().toArray());
        table(game).lend(terms, deck, server.newGames().emptyMillis());
        line.say(new Packet.Good(PacketType.MAKE_TEST_GAME.code(), game));
    }
}
