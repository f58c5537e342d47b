package dev.berth.poker.bot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.poker.bot.Finding.Kind;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Broadcast;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

// Player 1 reckons its chips and what it has to call from what it hears; what the server says otherwise is found.
class ReckoningTest {
    private final List<Kind> found = new ArrayList<>();
    private final Reckoning reckoning = new Reckoning((kind, detail) -> found.add(kind));

    ReckoningTest() {
        reckoning.self(1);
        reckoning.connected();
        reckoning.bought(50_000);
    }

    private void hear(Broadcast... broadcasts) {
        for (Broadcast each : broadcasts) {
            reckoning.hear(each);
        }
    }

    /** It is asked for this, and answers. */
    private void asked(long call) {
        reckoning.asked(new Packet.BetReq(1, call, 1000, 1000), true);
        reckoning.answered();
    }

    private static Broadcast bet(long player, long amount) {
        return new Packet.NotifyBet(1, player, amount, 0);
    }

    private static Broadcast call(long player, long amount) {
        return new Packet.NotifyCall(1, player, amount, 0);
    }

    private static Broadcast raise(long player, long amount) {
        return new Packet.NotifyRaise(1, player, amount, 0);
    }

    private static Broadcast stage(int stage) {
        return new Packet.GameStage(1, stage, 0);
    }

    private static Broadcast state(int state) {
        return new Packet.PlayerState(1, 1, state, 0);
    }

    private static Broadcast start() {
        return new Packet.NotifyStartGame(1, 1);
    }

    private static Broadcast end() {
        return new Packet.NotifyEndGame(1, 30);
    }

    private void blinds() {
        hear(start());
        asked(500);
        hear(bet(1, 500), bet(2, 1000), stage(1));
    }

    @Test
    void handOfTheProtocol_isReckonedToTheCent() {
        blinds();
        asked(500);
        hear(call(1, 500), call(2, 0), stage(2));
        asked(0);
        hear(raise(1, 1000), call(2, 1000), stage(3));
        asked(0);
        hear(call(1, 0), call(2, 0), stage(4));
        asked(0);
        hear(call(1, 0), raise(2, 2000));
        asked(2000);
        hear(call(1, 2000), new Packet.NotifyWin(1, 1, 8000, 29), end());

        assertThat(found).isEmpty();
        assertThat(reckoning.stack()).isEqualTo(54_000);
        assertThat(reckoning.isSure()).isTrue();
    }

    @Test
    void raises_costTheCallToo() {
        blinds();
        hear(raise(2, 1000));
        asked(1500);
        hear(raise(1, 1000));
        hear(raise(2, 1000));
        asked(1000);

        assertThat(found).isEmpty();
        assertThat(reckoning.stack()).isEqualTo(50_000 - 500 - 1500 - 1000);
        assertThat(reckoning.raises()).isEqualTo(3);
    }

    @Test
    void requestThatDoesNotFitWhatWasHeard_isFound() {
        blinds();
        asked(1500);

        assertThat(found).containsExactly(Kind.EARLY_REQUEST);
    }

    @Test
    void requestAfterFold_isFound() {
        blinds();
        asked(500);
        hear(state(Packet.PlayerState.FOLD));
        asked(500);

        assertThat(found).containsExactly(Kind.EARLY_REQUEST);
    }

    @Test
    void requestOfAHandHeardInPart_isNotJudged() {
        blinds();
        reckoning.asked(new Packet.BetReq(1, 1500, 1000, 1000), false);

        assertThat(found).isEmpty();
    }

    @Test
    void actionThatNobodyAskedFor_isFound() {
        blinds();
        asked(500);
        hear(call(1, 500));
        assertThat(found).isEmpty();
        hear(call(1, 0));
        assertThat(found).containsExactly(Kind.DOUBLED_ACTION);
    }

    @Test
    void allIn_takesTheStack_once() {
        reckoning.bought(2000);
        blinds();
        hear(raise(2, 1000));
        asked(1500);
        hear(state(Packet.PlayerState.ALL_IN), raise(1, 500));

        assertThat(reckoning.stack()).isZero();
        hear(new Packet.NotifyWin(1, 1, 5000, 9));
        assertThat(reckoning.stack()).isEqualTo(5000);
        assertThat(found).isEmpty();
    }

    @Test
    void allInByABlind_takesTheStack_once() {
        reckoning.bought(300);
        hear(start());
        asked(500);
        hear(state(Packet.PlayerState.ALL_IN), bet(1, 300), bet(2, 1000));

        assertThat(reckoning.stack()).isZero();
        assertThat(found).isEmpty();
    }

    @Test
    void moreThanThereWas_isFound() {
        reckoning.bought(700);
        blinds();
        asked(500);
        hear(call(1, 500));

        assertThat(found).containsExactly(Kind.CHIPS);
    }

    @Test
    void historyAgain_isReckonedAgain_butNotSureAnyMore() {
        blinds();
        asked(500);
        hear(call(1, 500));
        reckoning.connected();
        hear(start(), bet(1, 500), bet(2, 1000), stage(1), call(1, 500));

        assertThat(reckoning.stack()).isEqualTo(49_000);
        assertThat(reckoning.isSure()).isFalse();
        assertThat(found).isEmpty();
        hear(call(1, 500));
        assertThat(found).containsExactly(Kind.DOUBLED_ACTION);
    }
}
