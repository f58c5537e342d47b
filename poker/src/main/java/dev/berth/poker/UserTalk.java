package dev.berth.poker;

import dev.berth.core.wire.Bytes;
import dev.berth.node.Berth;
import dev.berth.node.UserApp;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entity;
import dev.berth.poker.rules.Card;
import dev.berth.poker.rules.Event;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.user.UserHears;
import dev.berth.poker.user.UserSays;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

// A session is one more connection of a player: his newest log-in plays for him, and it is a session's when he says so
// by Enter. What runs here may run again and calls once; so nothing is kept here.

/** What the sayings of users do: in their sessions, and at gates for visitors. Any thread. */
final class UserTalk {
    /** An answer has 4 KiB at most. */
    private static final int LISTED_MAX = 32;
    /** Steps that a table hands out at once; an answer has as many of them as fit. */
    private static final int PAST_MAX = 16;

    private UserTalk() {}

    static UserApp<Long> on(UserApp<Long> app) {
        app.onVisitor(UserSays.Lobby.class, it -> games(it.from()));
        app.onVisitor(
                UserSays.Look.class,
                it -> Shows.table(it.game(), table(it.game()).look(0)));
        app.onVisitor(UserSays.Who.class, it -> who(it.player()));
        app.onVisitor(UserSays.Past.class, UserTalk::past);
        app.on(UserSays.Lobby.class, (_, it) -> games(it.from()));
        app.on(
                UserSays.Look.class,
                (_, it) -> Shows.table(it.game(), table(it.game()).look(0)));
        app.on(UserSays.Who.class, (_, it) -> who(it.player()));
        app.on(UserSays.Past.class, (_, it) -> past(it));
        app.on(UserSays.Enter.class, (me, _) -> enter(me));
        app.on(UserSays.Quit.class, (me, _) -> quit(me));
        app.on(UserSays.Purse.class, (me, _) -> Shows.purse(me, player(me).info()));
        app.on(
                UserSays.Own.class,
                (me, it) -> Shows.own(it.game(), table(it.game()).own(me)));
        app.on(
                UserSays.Watch.class,
                (me, it) -> Shows.table(it.game(), table(it.game()).joins(me)));
        app.on(UserSays.Sit.class, (me, it) -> sit(me, it));
        on(app, UserSays.Unwatch.class, (me, it) -> table(it.game()).parts(me));
        on(app, UserSays.Call.class, (me, it) -> plays(me, it.game(), new Event.Call(me, it.amount())));
        on(app, UserSays.Raise.class, (me, it) -> plays(me, it.game(), new Event.Raise(me, it.amount())));
        on(app, UserSays.Fold.class, (me, it) -> plays(me, it.game(), new Event.Fold(me)));
        on(app, UserSays.Discard.class, (me, it) -> plays(me, it.game(), new Event.Discard(me, places(me, it))));
        on(app, UserSays.Leave.class, (me, it) -> seats(me, it.game(), new Event.Leave(me)));
        on(app, UserSays.SitOut.class, (me, it) -> seats(me, it.game(), new Event.SitOut(me)));
        on(app, UserSays.ComeBack.class, (me, it) -> seats(me, it.game(), new Event.ComeBack(me)));
        on(app, UserSays.Chat.class, (me, it) -> table(it.game()).chat(login(me), me, it.text()));
        return app.shown(OpenTable.Heard.class, UserHears.Said.class, Shows::said);
    }

    private static <M extends Record> void on(UserApp<Long> app, Class<M> says, BiConsumer<Long, M> does) {
        app.on(says, (me, it) -> {
            does.accept(me, it);
            return null;
        });
    }

    private static <K, E extends Entity<K>> E agent(Class<E> contract, K key) {
        return Berth.agent(contract, key);
    }

    private static OpenTable table(long game) {
        return agent(OpenTable.class, game);
    }

    private static Player player(long number) {
        return agent(Player.class, number);
    }

    // ---- Lobby

    private static UserHears.Games games(long from) {
        List<Catalog.Listed> all = new ArrayList<>();
        for (int shelf = 0; shelf < Catalog.SHELVES; shelf++) {
            all.addAll(agent(Catalog.class, shelf).all());
        }
        List<UserHears.Listed> page = all.stream()
                .filter(each -> each.game() >= from)
                .sorted(Comparator.comparingLong(Catalog.Listed::game))
                .limit(LISTED_MAX + 1)
                .map(Shows::listed)
                .toList();
        return page.size() <= LISTED_MAX
                ? new UserHears.Games(page, 0)
                : new UserHears.Games(
                        page.subList(0, LISTED_MAX), page.getLast().game());
    }

    private static UserHears.Who who(long number) {
        Player.Info info = player(number).info();
        return new UserHears.Who(number, info.nick(), info.online());
    }

    // ---- Who plays for him

    /** By this session from now on; it hears the tables where he sits. */
    private static UserHears.Purse enter(long me) {
        Player.Attached attached = player(me).attach(0);
        for (Player.Joined joined : attached.joined()) {
            table(joined.game()).back(me, attached.login());
            var _ = table(joined.game()).joins(me);
        }
        return Shows.purse(me, player(me).info());
    }

    private static @Nullable Object quit(long me) {
        Player.Info info = player(me).info();
        if (info.session() != 0) {
            for (Player.Joined joined : info.joined()) {
                table(joined.game()).happens(info.session(), new Event.Leave(me));
            }
            player(me).detach(info.session());
        }
        return null;
    }

    private static long login(long me) {
        return requireHere(player(me).info());
    }

    private static long requireHere(Player.Info info) {
        if (info.session() == 0) {
            throw new Denied(Manners.ELSEWHERE);
        }
        return info.session();
    }

    // ---- At a table

    private static UserHears.Shown sit(long me, UserSays.Sit sit) {
        Player.Info info = player(me).info();
        long login = requireHere(info);
        OpenTable.Look look = table(sit.game()).look(0);
        TableView view = look.view();
        if (info.joined().stream().anyMatch(joined -> joined.game() == sit.game())) {
            throw new Denied("you have a seat in game " + sit.game() + " already, or are on the way to one");
        }
        if (sit.seat() < 1 || sit.seat() > view.seats().size()) {
            throw new Denied(
                    "game " + sit.game() + " has seats 1 to " + view.seats().size() + ", not " + sit.seat());
        }
        if (view.seat(sit.seat()).isTaken()) {
            throw new Denied("seat " + sit.seat() + " is taken");
        }
        if (sit.buyIn() < 1 || sit.buyIn() > info.balance()) {
            throw new Denied("a buy-in is 1 to " + info.balance() + ", which is your balance, not " + sit.buyIn());
        }
        look = table(sit.game()).joins(me);
        player(me).join(login, sit.game(), sit.seat(), sit.buyIn());
        return Shows.table(sit.game(), look);
    }

    private static void plays(long me, long game, Event.Act act) {
        table(game).plays(login(me), act);
    }

    private static UserHears.Past past(UserSays.Past it) {
        return Shows.past(it.game(), table(it.game()).past(it.from(), PAST_MAX));
    }

    /** As the rules have it, a bit each. */
    private static int places(long me, UserSays.Discard discard) {
        Bytes cards = table(discard.game()).own(me).cards();
        int places = 0;
        for (String card : discard.cards()) {
            int place = 0;
            while (place < cards.length() && !Card.text(cards.at(place)).equals(card)) {
                place++;
            }
            if (place == cards.length()) {
                throw new Denied("you do not have the card " + card);
            }
            places |= 1 << place;
        }
        return places;
    }

    private static void seats(long me, long game, Event.Seating event) {
        table(game).seats(login(me), event);
    }
}
