package dev.berth.poker.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.poker.wire.Packet.GameInfo;
import dev.berth.poker.wire.Packet.GameQuery;
import org.junit.jupiter.api.Test;

// Which games a GAME_QUERY finds: types match exactly, each operator compares what the game has with what was given.
// The game has 10 seats of which 4 are taken.
class GameQueryTest {
    private static final GameInfo GAME = new GameInfo(1, 1, 10, 4, 0, 1, 1000, 2000);

    private static boolean finds(int... query) {
        return new GameQuery(query[0], query[1], query[2], query[3], query[4], query[5], query[6], query[7])
                .matches(GAME);
    }

    @Test
    void types_matchExactly() {
        assertThat(GameQuery.all(1, 1).matches(GAME)).isTrue();
        assertThat(GameQuery.all(2, 1).matches(GAME)).isFalse();
        assertThat(GameQuery.all(1, 2).matches(GAME)).isFalse();
        assertThat(GameQuery.all(0, 1).matches(GAME)).isFalse();
    }

    @Test
    void operators_compareTheGamesValueWithTheGivenOne() {
        assertThat(finds(1, 1, 0, 77, 0, 77, 0, 77)).isTrue();
        assertThat(finds(1, 1, 1, 10, 1, 4, 1, 0)).isTrue();
        assertThat(finds(1, 1, 1, 9, 0, 0, 0, 0)).isFalse();
        assertThat(finds(1, 1, 2, 11, 0, 0, 0, 0)).isTrue();
        assertThat(finds(1, 1, 2, 10, 0, 0, 0, 0)).isFalse();
        assertThat(finds(1, 1, 0, 0, 3, 3, 0, 0)).isTrue();
        assertThat(finds(1, 1, 0, 0, 3, 4, 0, 0)).isFalse();
        assertThat(finds(1, 1, 0, 0, 0, 0, 2, 1)).isTrue();
        assertThat(finds(1, 1, 0, 0, 0, 0, 3, 0)).isFalse();
    }

    @Test
    void otherOperators_findNothing() {
        assertThat(finds(1, 1, 4, 10, 0, 0, 0, 0)).isFalse();
        assertThat(finds(1, 1, 0, 0, 255, 4, 0, 0)).isFalse();
        assertThat(finds(1, 1, 0, 0, 0, 0, 4, 0)).isFalse();
    }
}
