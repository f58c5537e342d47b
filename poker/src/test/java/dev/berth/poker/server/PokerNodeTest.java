package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The words of a node of poker. */
class PokerNodeTest {
    private static final String AT = "127.0.0.1:3000";

    @Test
    @Tag("S3.35")
    void aGateway_runsNoGames() {
        assertThatThrownBy(() -> PokerNode.Doors.parse("--handoff", AT).requireNoGames("door", true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node door is a gateway by its --handoff, and a gateway runs no games");
        assertThatThrownBy(() -> PokerNode.Doors.parse("--handoff", AT, "--openpoker", AT)
                        .requireNoGames("door", false))
                .hasMessageContaining("leave out its services, and its --openpoker");
        assertThatCode(() -> PokerNode.Doors.parse("--handoff", AT).requireNoGames("door", false))
                .doesNotThrowAnyException();
        assertThatCode(() -> PokerNode.Doors.parse("--openpoker", AT).requireNoGames("game", true))
                .doesNotThrowAnyException();
    }
}
