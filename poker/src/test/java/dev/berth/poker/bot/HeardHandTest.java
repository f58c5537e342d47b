package dev.berth.poker.bot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Broadcast;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

// What a player has heard is handed on in rows, each of one hand and without a gap; and his actions in a hand are
// counted.
class HeardHandTest {
    private static final long GAME = 7;
    private static final Broadcast CHAT = new Packet.NotifyChat(GAME, 0, 0, "go");
    private static final Broadcast START = new Packet.NotifyStartGame(GAME, 1);
    private static final Broadcast BET = new Packet.NotifyBet(GAME, 5, 500, 2);

    private final List<List<Broadcast>> rows = new ArrayList<>();
    private final HandHistory history = new HandHistory((_, _) -> {}, row -> rows.add(List.copyOf(row)));

    private void hear(Broadcast... broadcasts) {
        for (Broadcast each : broadcasts) {
            history.hear(each);
        }
    }

    @Test
    void rows_endWithTheHand_aGapAndTheConnection() {
        hear(CHAT, START, BET, CHAT, START);
        assertThat(rows).containsExactly(List.of(CHAT, START, BET));
        Broadcast far = new Packet.NotifyEndGame(GAME, 9);
        hear(far);
        assertThat(rows).hasSize(2).last().isEqualTo(List.of(CHAT, START));
        history.connected(true);
        assertThat(rows).hasSize(3).last().isEqualTo(List.of(far));
        hear(CHAT);
        history.over();
        history.over();
        assertThat(rows).hasSize(4).last().isEqualTo(List.of(CHAT));
    }

    @Test
    void allIn_isOneAction_whateverTellsIt() {
        Broadcast allIn = new Packet.PlayerState(GAME, 5, Packet.PlayerState.ALL_IN, 3);
        assertThat(HeardHand.actions(List.of(CHAT, START, BET), 5)).isEqualTo(1);
        assertThat(HeardHand.actions(List.of(BET, allIn), 5)).isEqualTo(2);
        assertThat(HeardHand.actions(List.of(allIn, new Packet.NotifyRaise(GAME, 5, 1_000, 4)), 5))
                .isEqualTo(1);
        assertThat(HeardHand.actions(List.of(BET, allIn), 6)).isZero();
    }
}
