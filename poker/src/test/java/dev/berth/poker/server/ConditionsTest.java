package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.node.process.ProcessRef;
import dev.berth.node.worker.Node;
import dev.berth.poker.OpenTable;
import dev.berth.poker.Player;
import dev.berth.poker.Player.Attached;
import dev.berth.poker.Player.Was;
import dev.berth.poker.rules.Event;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.Terms;
import dev.berth.poker.wire.Packet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How a player is found who logs in: offline, his client down, online or busy, and whose connection is told that he is elsewhere. The server of his
 * connection ends, and the one that owns him.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ConditionsTest {
    private static final int AGES_MILLIS = 3_600_000;
    private static final long MONEY = 100_000;
    private static final int SILENCES = 10;

    private Parlor parlor;
    private long ada;
    private long game;

    @BeforeEach
    void start() throws Exception {
        parlor = new Parlor(2);
        ada = parlor.enroll("ada", "foo", MONEY);
        game = parlor.table(new Terms(Game.TEXAS_FIXED, 1, 4, 1_000, 2_000, AGES_MILLIS, AGES_MILLIS, 2));
    }

    @AfterEach
    void stop() {
        parlor.close();
    }

    private Player her() {
        return parlor.player(ada);
    }

    /** The address of something that lives there. */
    private static long way(Node node) {
        ProcessRef<Object> there = node.processes().spawn(_ -> (_, _) -> null);
        return there.address().value();
    }

    private static void found(Attached attached, Was was, long before) {
        assertThat(attached.was()).isEqualTo(was);
        assertThat(attached.before()).isEqualTo(before);
    }

    @Test
    @Tag("S3.21")
    @Tag("S3.22")
    @Tag("S3.24")
    @Tag("D1")
    void aPlayer_isOffline_online_busy_orDown_andAServerThatIsGoneHoldsNobody() {
        long one = way(parlor.servers.get(0).node());
        long two = way(parlor.servers.get(1).node());
        found(her().attach(one), Was.OFFLINE, 0);
        found(her().attach(two), Was.ONLINE, one);
        her().join(2, game, 1, 1_000);
        Attached busy = her().attach(one);
        found(busy, Was.BUSY, two);
        assertThat(busy.joined()).containsExactly(new Player.Joined(game, 1_000));
        her().detach(busy.login() - 1);
        assertThat(her().info().online())
                .as("an older connection that ends means nothing")
                .isTrue();
        her().detach(busy.login());
        assertThat(her().info().online()).isFalse();
        found(her().attach(two), Was.DOWN, 0);

        parlor.end(1);
        Parlor.until("its server is gone", () -> !her().info().online());
        Attached down = her().attach(one);
        found(down, Was.DOWN, 0);
        her().cash(game, 1_000);
        her().detach(down.login());
        found(her().attach(one), Was.OFFLINE, 0);
    }

    @Test
    void moneyThatIsAtOneTable_buysNoSeatAtAnother() {
        long login = her().attach(0).login();
        long other = parlor.table(new Terms(Game.TEXAS_FIXED, 1, 4, 1_000, 2_000, AGES_MILLIS, AGES_MILLIS, 2));
        her().join(login, game, 1, 60_000);
        her().join(login, other, 1, 60_000);
        her().join(login, game, 2, 1_000);
        assertThat(her().info().balance()).isEqualTo(40_000);
        assertThat(her().info().joined()).containsExactly(new Player.Joined(game, 60_000));
        her().join(login, other, 1, 40_000);
        assertThat(her().info().balance()).isZero();
        assertThat(her().info().inPlay()).isEqualTo(MONEY);
    }

    /** Whoever passes it on: the connection that said it may not know that it is a former one. */
    @Test
    @Tag("S3.25")
    void whatAnOlderLogInSays_meansNothingAtTheTable() {
        long quick = parlor.table(new Terms(Game.TEXAS_FIXED, 1, 4, 1_000, 2_000, 100, AGES_MILLIS, 2));
        OpenTable table = parlor.table(quick);
        long bob = parlor.enroll("bob", "foo", MONEY);
        for (long player : new long[] {ada, bob}) {
            parlor.player(player).join(parlor.player(player).attach(0).login(), quick, (int) player, 10_000);
        }
        Parlor.until("ada is asked", () -> table.look(0).view().acting() == 1);
        long older = 1;
        long newer = her().attach(0).login();
        assertThat(table.back(ada, newer).began()).isPositive();
        OpenTable.Look before = table.look(0);

        table.acts(older, new Event.Call(ada, 500));
        table.acts(older, new Event.Fold(ada));
        table.happens(older, new Event.SitOut(ada));
        table.happens(older, new Event.Leave(ada));
        table.chat(older, ada, "is it me?");
        assertThat(table.look(0)).isEqualTo(before);
        table.acts(newer, new Event.Call(ada, 500));
        assertThat(table.look(0).view().acting()).isEqualTo(2);
    }

    // A player leaves the memory when nobody has asked for him for a while, though he plays on: so it is the same for
    // all
    // who sit for longer than that.

    /** The socket is alive, and the player whose it is was in the memory of a server that is gone. */
    @Test
    @Tag("S3.16")
    @Tag("S3.22")
    @Tag("D2")
    void ownerOfThePlayerEnds_andHisConnectionStays_untilHeLogsInByAnother() throws Exception {
        int doomed = parlor.ownerOf(Player.class, ada);
        try (Wired old = new Wired(parlor.at(1 - doomed))) {
            old.says(new Packet.Login("ada", "foo"));
            assertThat(old.next()).isEqualTo(new Packet.Pid(ada));
            old.says(new Packet.Join(game, 1, 1_000));
            assertThat(old.next()).isInstanceOf(Packet.NotifyJoin.class);
            parlor.end(doomed);
            assertThat(her().info().online()).isTrue();
            old.says(new Packet.Chat(game, "still here"));
            assertThat(old.next()).isInstanceOf(Packet.NotifyChat.class);

            try (Wired again = new Wired(parlor.at(0))) {
                again.says(new Packet.Login("ada", "foo"));
                assertThat(again.next()).isEqualTo(new Packet.Pid(ada));
                // It is told by a message: until that has arrived it hears on.
                int[] silences = {0};
                Parlor.until("the old one hears nothing more", () -> {
                    silences[0] = hears(again, old) ? 0 : silences[0] + 1;
                    return silences[0] == SILENCES;
                });
                old.says(new Packet.Leave(game));
                assertThat(old.untilNow()).isEmpty();
                assertThat(again.untilNow()).isEmpty();
                assertThat(her().info().joined()).isEqualTo(List.of(new Player.Joined(game, 1_000)));
            }
        }
    }

    /** Whether the old one hears what the new one says. */
    private boolean hears(Wired speaker, Wired old) {
        try {
            speaker.says(new Packet.Chat(game, "here now"));
            Packet.NotifyChat chat = speaker.next(Packet.NotifyChat.class);
            while (!chat.message().equals("here now")) {
                chat = speaker.next(Packet.NotifyChat.class);
            }
            return !old.untilNow().isEmpty();
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }
}
