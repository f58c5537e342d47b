package dev.berth.poker.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.poker.OpenTable;
import dev.berth.poker.bot.HeardHand;
import dev.berth.poker.rules.Lines;
import dev.berth.poker.rules.Said;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Broadcast;
import java.util.List;
import org.junit.jupiter.api.Test;

// What a table has said, item by item, beside what one player was told of it; what does not agree is counted.
class ChronicleTest {
    private static final long GAME = 7;
    private static final long ME = 5;
    private static final Broadcast CHAT = new Packet.NotifyChat(GAME, 0, 0, "go");
    private static final Broadcast START = new Packet.NotifyStartGame(GAME, 1);
    private static final Broadcast BET = new Packet.NotifyBet(GAME, ME, 500, 2);
    private static final Broadcast CALL = new Packet.NotifyCall(GAME, ME, 700, 3);
    private static final Broadcast END = new Packet.NotifyEndGame(GAME, 4);

    private final Chronicle book = new Chronicle();

    ChronicleTest() {
        book.open(GAME);
        said(1, 0, new Said.Chat(0, "go"), new Said.Started(), new Said.Bet(ME, 1, 500));
        said(2, 3, new Said.Called(ME, 1, 700), new Said.Ended());
        said(3, 0, new Said.Chat(0, "go"), new Said.Started());
    }

    private void said(long position, int seq, Said... lines) {
        book.hear(GAME, position, new OpenTable.Heard(Lines.write(new Lines.Told(seq, List.of(lines), null))));
    }

    private Chronicle.Verdict judge(HeardHand... heard) {
        return book.judge(List.of(List.of(heard)));
    }

    private static HeardHand heard(int answers, Broadcast... told) {
        return new HeardHand(GAME, ME, List.of(told), answers);
    }

    @Test
    void whatWasTold_isThere() {
        Chronicle.Verdict verdict = judge(
                heard(1, CHAT, START, BET), heard(2, CHAT, START, BET, CALL, END), heard(2, CALL), heard(0, CHAT));
        assertThat(verdict).isEqualTo(new Chronicle.Verdict(0, 0, 0, List.of()));
        assertThat(book.hands()).isEqualTo(1);
        assertThat(book.positions()).containsEntry(GAME, 3L);
    }

    @Test
    void actionThatIsNotThere_isLost() {
        Broadcast other = new Packet.NotifyCall(GAME, ME, 900, 3);
        assertThat(judge(heard(2, CHAT, START, BET, other)).lost()).isEqualTo(1);
        assertThat(judge(heard(1, BET, CALL, END, new Packet.NotifyRaise(GAME, ME, 1, 5)))
                        .lost())
                .isEqualTo(1);
    }

    @Test
    void handFromBefore_cannotComeAgain() {
        Broadcast second = new Packet.NotifyButton(GAME, 1, 2);
        said(4, 2, new Said.Button(1));
        assertThat(judge(heard(0, CHAT, START, second), heard(1, CHAT, START, BET))
                        .lost())
                .isEqualTo(1);
    }

    @Test
    void actionThatNobodyHasAnswered_isDoubled() {
        assertThat(judge(heard(1, CHAT, START, BET, CALL, END)).doubled()).isEqualTo(1);
        assertThat(judge(heard(0, CHAT, START), heard(2, BET, CALL)).doubled()).isZero();
    }

    @Test
    void whatOthersWereNotTold_isAContradiction() {
        Chronicle.Verdict verdict = judge(heard(1, CHAT, START, new Packet.NotifyBet(GAME, 6, 500, 2)));
        assertThat(verdict.lost()).isZero();
        assertThat(verdict.findings()).singleElement().asString().contains("player 5 was told NotifyBet");
    }

    @Test
    void positionsAndNumbers_areInARow() {
        said(5, 2, new Said.Button(1));
        said(6, 5, new Said.Button(1));
        book.gone(GAME, 7, 8);
        assertThat(judge().findings())
                .containsExactly(
                        "game 7 said 5 after 3",
                        "game 7 said number 5 after 2",
                        "game 7: what was said from 7 to 8 is gone");
    }
}
