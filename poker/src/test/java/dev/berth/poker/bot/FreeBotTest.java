package dev.berth.poker.bot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.poker.rules.Card;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Command;
import dev.berth.poker.wire.Packet.Notice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

// How a player who comes back sits down, stays seated, and looks at its chips. It is fed what a server says; no socket.
class FreeBotTest {
    private static final long GAME = 7;
    private static final Command JOIN = new Packet.Join(GAME, 3, 20_000);

    private final Tally tally = new Tally();
    private final FreeBot bot = new FreeBot(new Regular("ann", "foo", GAME, 3, 20_000, 1), tally);

    private List<Command> hear(Notice... notices) throws Complaint {
        List<Command> said = new ArrayList<>();
        for (Notice each : notices) {
            bot.hear(each, said::add);
        }
        return said;
    }

    private List<Command> connected() {
        List<Command> said = new ArrayList<>();
        bot.connected(said::add);
        return said;
    }

    private List<Command> quiet() {
        List<Command> said = new ArrayList<>();
        bot.quiet(said::add);
        return said;
    }

    private void seated() throws Complaint {
        connected();
        hear(new Packet.Pid(5), new Packet.BalanceInfo(100_000, 0), new Packet.NotifyJoin(GAME, 5, 3, 9));
    }

    @Test
    void sitsDown_andSaysSoUntilItIs() throws Exception {
        assertThat(connected()).containsExactly(new Packet.Login("ann", "foo"));
        assertThat(hear(new Packet.Pid(5))).containsExactly(new Packet.BalanceReq());
        assertThat(hear(new Packet.BalanceInfo(100_000, 0))).containsExactly(new Packet.Watch(GAME), JOIN);
        assertThat(hear(new Packet.NotifyCancelGame(GAME, 9))).containsExactly(JOIN);
        assertThat(hear(new Packet.NotifyEndGame(GAME, 10))).containsExactly(JOIN);
        assertThat(quiet()).containsExactly(new Packet.Ping(), JOIN);
        assertThat(hear(new Packet.NotifyJoin(GAME, 4, 3, 11), new Packet.NotifyCancelGame(GAME, 12)))
                .containsExactly(JOIN);
        assertThat(hear(new Packet.NotifyJoin(GAME, 5, 3, 13), new Packet.NotifyCancelGame(GAME, 14)))
                .isEmpty();
        assertThat(quiet()).containsExactly(new Packet.Ping());
        assertThat(tally.findings()).isEmpty();
    }

    @Test
    void poorOne_bringsWhatItHas() throws Exception {
        connected();

        assertThat(hear(new Packet.Pid(5), new Packet.BalanceInfo(300, 0))).contains(new Packet.Join(GAME, 3, 300));
    }

    @Test
    void answersEveryRequest_withinItsChips() throws Exception {
        seated();
        for (int i = 0; i < 300; i++) {
            Command said = hear(new Packet.BetReq(GAME, 500, 1000, 1000)).getFirst();

            assertThat(said).isIn(new Packet.Call(GAME, 500), new Packet.Raise(GAME, 1000), new Packet.Fold(GAME));
            assertThat(hear(new Packet.BetReq(GAME, 500, 0, 0))).containsExactly(new Packet.Call(GAME, 500));
            assertThat(hear(new Packet.BetReq(GAME, 30_000, 1000, 1000)).getFirst())
                    .isIn(new Packet.Call(GAME, 20_000), new Packet.Fold(GAME));
        }
        assertThat(tally.actions()).isEqualTo(900);
    }

    @Test
    void afterALostConnection_staysSeated_butLooksAtItsAccountWhenTheHandIsOver() throws Exception {
        seated();
        assertThat(connected()).containsExactly(new Packet.Login("ann", "foo"));
        assertThat(hear(new Packet.Pid(5))).isEmpty();
        assertThat(hear(
                        new Packet.NotifyChat(GAME, 0, 0, "go"),
                        new Packet.NotifyStartGame(GAME, 1),
                        new Packet.NotifyEndGame(GAME, 2)))
                .containsExactly(new Packet.Leave(GAME), new Packet.BalanceReq());
        assertThat(hear(new Packet.BalanceInfo(80_000, 20_000))).isEmpty();
        assertThat(hear(new Packet.NotifyCancelGame(GAME, 3)))
                .containsExactly(new Packet.Leave(GAME), new Packet.BalanceReq());
        assertThat(hear(new Packet.BalanceInfo(103_000, 0))).containsExactly(new Packet.Watch(GAME), JOIN);
        assertThat(tally.findings()).isEmpty();
    }

    private static Notice[] lostAll(int seq) {
        return new Notice[] {
            new Packet.NotifyStartGame(GAME, seq),
            new Packet.BetReq(GAME, 500, 0, 0),
            new Packet.PlayerState(GAME, 5, Packet.PlayerState.ALL_IN, seq + 1),
            new Packet.NotifyEndGame(GAME, seq + 2)
        };
    }

    @Test
    void brokeOne_buysAgain_andItsAccountMustBeRight() throws Exception {
        seated();
        assertThat(hear(lostAll(10))).endsWith(new Packet.Leave(GAME), new Packet.BalanceReq());
        assertThat(hear(new Packet.BalanceInfo(80_000, 0))).containsExactly(new Packet.Watch(GAME), JOIN);
        assertThat(tally.findings()).isEmpty();

        hear(new Packet.NotifyJoin(GAME, 5, 3, 13));
        hear(lostAll(14));
        hear(new Packet.BalanceInfo(60_100, 0));
        assertThat(tally.findings()).hasToString("[ann CHIPS: account 60100, reckoned 60000 + 0]");
    }

    @Test
    void seatFromAnEarlierLife_isLeftFirst() throws Exception {
        connected();

        assertThat(hear(new Packet.Pid(5), new Packet.BalanceInfo(80_000, 20_000)))
                .containsExactly(new Packet.BalanceReq(), new Packet.Leave(GAME), new Packet.BalanceReq());
    }

    @Test
    void cardForTheSecondTime_isFound() throws Exception {
        seated();
        hear(
                new Packet.NotifyStartGame(GAME, 10),
                new Packet.NotifyDraw(GAME, Card.of("As"), 11),
                new Packet.NotifyShared(GAME, Card.of("As"), 11));
        assertThat(tally.findings()).hasToString("[ann CARDS: a card for the second time: As]");
    }

    @Test
    void cardOfAHandThatItHasMissed_isNoSecondOne() throws Exception {
        seated();
        hear(new Packet.NotifyStartGame(GAME, 10), new Packet.NotifyDraw(GAME, Card.of("As"), 11));
        connected();
        hear(new Packet.Pid(5), new Packet.NotifyShared(GAME, Card.of("As"), 12));
        hear(new Packet.NotifyEndGame(GAME, 13), new Packet.BalanceInfo(100_000, 0));
        hear(new Packet.NotifyShared(GAME, Card.of("As"), 40));
        assertThat(tally.findings()).extracting(Finding::kind).doesNotContain(Finding.Kind.CARDS);
    }

    @Test
    void refusedOne_doesNotComeBack() {
        connected();

        assertThatThrownBy(() -> hear(new Packet.Bad(1, Packet.Bad.ACCOUNT_DISABLED)))
                .isInstanceOf(Complaint.class)
                .hasMessage("cannot log in: Bad[command=1, error=2]");
        assertThat(bot.isDone()).isTrue();
    }
}
