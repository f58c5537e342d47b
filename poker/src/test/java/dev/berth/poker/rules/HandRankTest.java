package dev.berth.poker.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hands whose category is known, in ascending worth; the rest is for {@code JudgedHandsTest}, which counts. */
final class HandRankTest {
    @ParameterizedTest
    @CsvSource({
        "0, As Kd 9c 7h 5s 3d 2c",
        "1, As Ad 9c 7h 5s 3d 2c",
        "2, As Ad 9c 9h 5s 5d Kc",
        "3, As Ad Ac 9h 7s 5d 2c",
        "4, As 2d 3c 4h 5s Kd Kc",
        "4, As Kd Qc Jh Ts Td Tc",
        "5, 2s 4s 6s 8s Ts Ad Ac",
        "6, As Ad Ac Kh Ks Kd 2c",
        "6, 2s 2d 2c 3h 3s 9d 9c",
        "7, 2s 2d 2c 2h As Ad Ac",
        // A quirk done right: six of a suit, and the straight is not the highest five of it.
        "8, 2h 3h 4h 5h 6h Kh Ac",
        "8, Ah 2h 3h 4h 5h Kh Kc",
        "5, Ah 2h 3h 4h 6h 5c 5d",
        "0, 2h 3d 4c 5s 7h",
    })
    void category_isFound(int category, String cards) {
        assertThat(HandRank.category(rank(cards))).isEqualTo(category);
    }

    @Test
    void betterHand_hasTheHigherNumber_equalOnesTheSame() {
        assertThat(rank("As Ad Kc Qh 2s 3d 4c")).isGreaterThan(rank("As Ad Kc Jh 2s 3d 4c"));
        assertThat(rank("As Ad Kc Kh 2s 3d 4c")).isGreaterThan(rank("As Ad Qc Qh Ks 3d 4c"));
        assertThat(rank("2s 3d 4c 5h 6s")).isGreaterThan(rank("As 2d 3c 4h 5s"));
        assertThat(rank("3h 4h 5h 6h 7h Kh Ah")).isGreaterThan(rank("2h 3h 4h 5h 6h Kh Ah"));
        assertThat(rank("Ks Kd Qc Qh 2s 2d 3c")).isEqualTo(rank("Kc Kh Qs Qd 3s 2c 2h"));
        assertThat(rank("As Ks Qs Js 9s 2d 3c")).isEqualTo(rank("As Ks Qs Js 9s 8s 7s"));
    }

    private static int rank(String cards) {
        long bits = 0;
        for (String card : cards.split(" ", -1)) {
            bits |= HandRank.bit(Card.of(card));
        }
        return HandRank.of(bits);
    }
}
