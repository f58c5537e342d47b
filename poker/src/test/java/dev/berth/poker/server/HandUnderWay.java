package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.poker.Player;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.rules.Terms;
import dev.berth.poker.wire.Packet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

// Nothing at these tables happens by itself. So whatever strangers have said, both stand as they stood, everybody has
// what he had, and who sits there hears next what is said next.

/** Ada and Bob play at two servers, Ada is asked, and the hand waits for her; beside it is a table where nobody plays. One thread. */
final class HandUnderWay implements AutoCloseable {
    static final long MONEY = 100_000;
    static final long BUY_IN = 50_000;
    static final String PASSWORD = "foo";
    private static final int AGES_MILLIS = 3_600_000;
    private static final List<String> OTHERS = List.of("mallory", "dora", "eve");

    final Parlor parlor;
    final long game;
    /** Anybody may sit down there, and no hand begins. */
    final long lounge;

    final Map<String, Long> players = new TreeMap<>();
    final Wired watcher;
    final Wired ada;
    final Wired bob;
    final Packet.BetReq asked;
    private int seq;
    private final Map<Long, Player.Info> before = new TreeMap<>();
    private final TableView table;
    private final TableView other;

    HandUnderWay(Parlor parlor) throws IOException {
        this.parlor = parlor;
        List<String> all = new ArrayList<>(List.of("ada", "bob"));
        all.addAll(OTHERS);
        for (String nick : all) {
            players.put(nick, parlor.enroll(nick, PASSWORD, MONEY));
        }
        game = parlor.table(new Terms(Game.TEXAS_FIXED, 1, 4, 1_000, 2_000, 300, AGES_MILLIS, 2));
        lounge = parlor.table(new Terms(Game.TEXAS_FIXED, 1, 4, 1_000, 2_000, AGES_MILLIS, AGES_MILLIS, 2));
        watcher = new Wired(parlor.at(1));
        watcher.says(new Packet.Watch(game));
        ada = login(0, "ada");
        ada.says(new Packet.Join(game, 1, BUY_IN));
        ada.next(Packet.NotifyJoin.class);
        bob = login(1, "bob");
        bob.says(new Packet.Join(game, 2, BUY_IN));
        ada.says(new Packet.Call(game, ada.next(Packet.BetReq.class).call()));
        bob.says(new Packet.Call(game, bob.next(Packet.BetReq.class).call()));
        for (Wired each : List.of(watcher, bob)) {
            seq = each.next(Packet.GameStage.class).seq() + 1;
        }
        asked = ada.next(Packet.BetReq.class);
        table = parlor.table(game).look(0).view();
        other = parlor.table(lounge).look(0).view();
        players.values()
                .forEach(player -> before.put(player, parlor.player(player).info()));
    }

    long number(String nick) {
        return Objects.requireNonNull(players.get(nick), nick);
    }

    Wired login(int server, String nick) throws IOException {
        Wired wired = new Wired(parlor.at(server));
        wired.says(new Packet.Login(nick, PASSWORD));
        assertThat(wired.next()).isEqualTo(new Packet.Pid(number(nick)));
        return wired;
    }

    /** All that it has been told, up to now: what it has said is done. */
    List<Packet.Notice> told(Wired wired) throws IOException {
        wired.says(new Packet.SeatQuery(lounge));
        List<Packet.Notice> all = new ArrayList<>();
        for (Packet.Notice next = wired.next(); !isLast(next); next = wired.next()) {
            if (!(next instanceof Packet.SeatState)) {
                all.add(next);
            }
        }
        return all;
    }

    private boolean isLast(Packet.Notice notice) {
        return notice instanceof Packet.SeatState seat && seat.game() == lounge && seat.seat() == 4;
    }

    /** Nobody's chips have changed, both tables are as they were, and those at the table have heard nothing of it. */
    void isUnharmed() throws IOException {
        before.forEach((player, info) -> {
            Player.Info now = settled(player, info);
            assertThat(now.balance()).as("balance of " + player).isEqualTo(info.balance());
            assertThat(now.joined()).as("seats of " + player).isEqualTo(info.joined());
        });
        assertThat(parlor.table(game).look(0).view()).isEqualTo(table);
        assertThat(parlor.table(lounge).look(0).view()).isEqualTo(other);
        ada.says(new Packet.Chat(game, "well"));
        for (Wired each : List.of(ada, bob, watcher)) {
            assertThat(each.next()).isEqualTo(new Packet.NotifyChat(game, number("ada"), seq, "well"));
        }
        seq++;
        try (Wired dora = login(1, "dora")) {
            dora.says(new Packet.BalanceReq());
            assertThat(dora.next()).isEqualTo(new Packet.BalanceInfo(MONEY, 0));
        }
    }

    /** What is under way between players and tables arrives. */
    private Player.Info settled(long player, Player.Info wanted) {
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        Player.Info now = parlor.player(player).info();
        while (!now.joined().equals(wanted.joined()) && System.nanoTime() < until) {
            LockSupport.parkNanos(1_000_000);
            now = parlor.player(player).info();
        }
        return now;
    }

    /** At last: Ada answers what she was asked. */
    void goesOn() throws IOException {
        ada.says(new Packet.Call(game, asked.call()));
        for (Wired each : List.of(ada, bob, watcher)) {
            assertThat(each.next()).isEqualTo(new Packet.NotifyCall(game, number("ada"), asked.call(), seq));
        }
        assertThat(bob.next()).isInstanceOf(Packet.BetReq.class);
    }

    @Override
    public void close() throws IOException {
        ada.close();
        bob.close();
        watcher.close();
        parlor.close();
    }
}
