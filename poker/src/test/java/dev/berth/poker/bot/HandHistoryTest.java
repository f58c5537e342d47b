package dev.berth.poker.bot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.poker.bot.Finding.Kind;
import dev.berth.poker.rules.Card;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Broadcast;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

// Numbers follow each other, and what comes again after a log-in begins with what was heard before it. Player 1 is the
// one who hears.
class HandHistoryTest {
    private final List<Kind> found = new ArrayList<>();
    private final HandHistory history = new HandHistory((kind, detail) -> found.add(kind));

    HandHistoryTest() {
        history.self(1);
        history.connected(true);
    }

    private void hear(List<Broadcast> broadcasts) {
        broadcasts.forEach(history::hear);
    }

    /** A hand with these cards on the board, and these calls of player 1 before it. */
    private static List<Broadcast> hand(String board, int calls) {
        List<Broadcast> hand = new ArrayList<>();
        hand.add(new Packet.NotifyChat(7, 0, 0, "go"));
        hand.add(new Packet.NotifyStartGame(7, 1));
        for (int i = 0; i < calls; i++) {
            hand.add(new Packet.NotifyCall(7, 1, 500, hand.size()));
        }
        for (String card : board.split(" ", -1)) {
            hand.add(new Packet.NotifyShared(7, Card.of(card), hand.size()));
        }
        hand.add(new Packet.GameStage(7, 2, hand.size()));
        return hand;
    }

    @Test
    void handsOneAfterTheOther_areFine() {
        hear(hand("2c 3c 4c", 1));
        hear(hand("2c 3c 4c", 2));

        assertThat(found).isEmpty();
        assertThat(history.isWhole()).isTrue();
    }

    @Test
    void firstNumber_mayBeAny() {
        hear(hand("2c 3c 4c", 1).subList(3, 6));

        assertThat(found).isEmpty();
        assertThat(history.isWhole()).isFalse();
    }

    @Test
    void missingOrDoubledNumber_isFound() {
        List<Broadcast> hand = hand("2c 3c 4c", 1);
        hear(hand.subList(0, 3));
        hear(hand.subList(4, 5));
        assertThat(found).containsExactly(Kind.GAP);
        hear(hand.subList(4, 5));
        assertThat(found).containsExactly(Kind.GAP, Kind.GAP);
        assertThat(history.isWhole()).isFalse();
    }

    @Test
    void numbers_goOnWithZero_after65535() {
        history.hear(new Packet.NotifyCancelGame(7, 65_535));
        history.hear(new Packet.NotifyChat(7, 0, 0, "too few"));

        assertThat(found).isEmpty();
    }

    @Test
    void zeroOfNobodysSentence_isFound_ifItIsNotTheFirstOfAll() {
        history.hear(new Packet.NotifyCall(7, 1, 500, 0));
        assertThat(found).isEmpty();
        history.hear(new Packet.NotifyCall(7, 1, 500, 0));

        assertThat(found).containsExactly(Kind.GAP);
    }

    @Test
    void wholeHistoryAgain_andMore_isFine() {
        hear(hand("2c 3c 4c", 2).subList(0, 6));
        history.connected(true);
        hear(hand("2c 3c 4c", 2));

        assertThat(found).isEmpty();
    }

    @Test
    void nothingMissed_needsNoHistory() {
        hear(hand("2c 3c 4c", 2).subList(0, 5));
        history.connected(true);
        hear(hand("2c 3c 4c", 2).subList(5, 7));

        assertThat(found).isEmpty();
    }

    @Test
    void historyThatBeginsTooLate_isFound() {
        hear(hand("2c 3c 4c", 2).subList(0, 4));
        history.connected(true);
        hear(hand("2c 3c 4c", 2).subList(5, 7));

        assertThat(found).containsExactly(Kind.GAP);
    }

    @Test
    void whoOnlyWatched_orWentAway_mayMissSomething() {
        hear(hand("2c 3c 4c", 2).subList(0, 4));
        history.connected(false);
        hear(hand("2c 3c 4c", 2).subList(5, 6));
        history.wentAway();
        hear(hand("2c 3c 4c", 2).subList(7, 8));

        assertThat(found).isEmpty();
    }

    @Test
    void whatTheTableSaidBeforeItLeft_mayComeBehindTheAnswerThatSaysSo() {
        history.self(53);
        history.hear(new Packet.NotifyEndGame(13, 49));
        history.wentAway();
        history.hear(new Packet.NotifyLeave(13, 213, 50));
        history.hear(new Packet.NotifyJoin(13, 13, 1, 57));
        assertThat(found).isEmpty();
        history.hear(new Packet.NotifyJoin(13, 53, 2, 58));
        history.hear(new Packet.NotifyJoin(13, 93, 3, 60));
        assertThat(found).containsExactly(Kind.GAP);
    }

    @Test
    void ownActionThatIsGone_isFound() {
        hear(hand("2c 3c 4c", 2));
        history.connected(true);
        hear(hand("2c 3c 4c", 1));

        assertThat(found).containsExactly(Kind.LOST_ACTION);
    }

    @Test
    void somethingElseThatIsGone_isFound() {
        hear(hand("2c 3c 4c 5c", 1));
        history.connected(true);
        hear(hand("2c 3c 4c 6c", 1));

        assertThat(found).containsExactly(Kind.LOST_HISTORY);
    }

    @Test
    void anotherHand_isNotTheSameOneChanged() {
        hear(hand("2c 3c 4c", 2));
        history.connected(true);
        hear(hand("2c 4c 3c", 1));
        hear(hand("2c 3c 4c", 1));

        assertThat(found).isEmpty();
    }
}
