package dev.berth.lab.poker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random hands of 2 to 10 players with all-ins and side pots, played by the rules and judged by counting: the same winners, the
 * same amounts. 100,000 hands with -Psoak.
 */
final class JudgedHandsTest {
    private static final int HANDS = Boolean.getBoolean("berth.soak") ? 100_000 : 5_000;

    @Test
    @Tag("S3.2")
    void rulesAndJudge_agreeOnWinnersAndAmounts() {
        Map<Integer, Integer> byWinners = new HashMap<>();
        int sidePots = 0;
        for (int seed = 0; seed < HANDS; seed++) {
            var hand = new PlayedHand(new Random(seed));
            var players = hand.players();
            assertThat(hand.won)
                    .as("seed %d %s %s", seed, players, hand.board)
                    .isEqualTo(Judge.wins(players, hand.board));
            byWinners.merge(hand.won.size(), 1, Integer::sum);
            long levels = players.stream()
                    .filter(player -> !player.folded() && player.paid() > 0)
                    .map(Judge.Player::paid)
                    .distinct()
                    .count();
            sidePots += levels > 2 ? 1 : 0;
        }
        assertThat(sidePots).isGreaterThan(HANDS / 10);
        assertThat(byWinners.keySet()).contains(1, 2, 3, 4);
    }

    @Test
    void judge_knowsTheRanking() {
        assertThat(Judge.worth(List.of("As", "2d", "3c", "4h", "5s"))).isEqualTo(List.of(4, 3));
        assertThat(Judge.worth(List.of("6h", "2h", "3h", "4h", "5h", "Kh", "Ah")))
                .isEqualTo(List.of(8, 4, 3, 2, 1, 0));
        assertThat(Judge.worth(List.of("Ks", "Kd", "2c", "2h", "3s", "3d", "Ah")))
                .isEqualTo(List.of(2, 11, 1, 12));
        assertThat(Judge.worth(List.of("Ks", "Kd", "Kc", "2h", "2s", "2d", "Ah")))
                .isEqualTo(List.of(6, 11, 0));
    }
}
