package dev.berth.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.poker.bot.Answer;
import dev.berth.poker.bot.RiggedHand;
import org.junit.jupiter.api.Test;

/** Hands that are made up: the same each time, 5.8 players in the mean, and what is won is what was paid, reckoned here from the answers. */
class RiggedDealTest {
    private static final int HANDS = 1_000;

    @Test
    void madeUpHand_isTheSameAgain_andItsWinnersHaveWhatAllHavePaid() {
        double players = 0;
        for (int number = 0; number < HANDS; number++) {
            RiggedHand hand = RiggedDeal.hand(number, "nick");
            players += hand.players().size();

            assertThat(hand).isEqualTo(RiggedDeal.hand(number, "nick"));
            assertThat(hand.players()).hasSize(RiggedDeal.seats(number));
            assertThat(hand.cards().length()).isEqualTo(2 * hand.players().size() + 5);
            assertThat(hand.winners().values().stream().mapToLong(won -> won).sum())
                    .isBetween(1_500L, hand.players().size() * RiggedDeal.BUY_IN);
            assertThat(hand.players())
                    .allSatisfy(player ->
                            assertThat(player.answers()).doesNotContain(Answer.ALL_IN_CALL, Answer.ALL_IN_RAISE));
        }
        assertThat(players / HANDS).isEqualTo(5.8);
    }
}
