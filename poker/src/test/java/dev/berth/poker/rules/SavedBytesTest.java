package dev.berth.poker.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.entity.CellChange;
import dev.berth.core.entity.EntityDelta;
import dev.berth.core.entity.Splice;
import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an entity's log writes of each action of full tables, reckoned with the log's own splices and its own codec: the table's
 * state and the history's. Also of actions that post blinds and deal, end rounds, and end hands.
 */
final class SavedBytesTest {
    private static final int BYTES_MAX = 128;
    /** The whole board at once, and several who win a pot each. */
    private static final int ENDING_MAX = 192;

    private static final RecordBook BOOK =
            RecordBook.named("poker").with(Table.class, History.class).build();

    @ParameterizedTest
    @EnumSource(Game.class)
    void anAction_isSavedInFewBytes(Game game) {
        int actions = 0;
        int longer = 0;
        int most = 0;
        long bytes = 0;
        for (int seed = 0; seed < 60; seed++) {
            var play = new RandomPlay(seed, game, Math.min(10, game.seatsMax()));
            for (int i = 0; i < 300; i++) {
                Table before = play.table;
                History said = play.history;
                play.play();
                if (play.event instanceof Event.Act && !play.table.equals(before)) {
                    int size = saved(before, play.table, said, play.history);
                    boolean roomy =
                            said.lines().length() == play.history.lines().length();
                    assertThat(size)
                            .as("seed %d action %d %s %s", seed, i, play.event, play.outputs)
                            .isLessThanOrEqualTo(
                                    !roomy ? 2 * History.BYTES_MAX : endsHand(play) ? ENDING_MAX : BYTES_MAX);
                    most = Math.max(most, size);
                    longer += size > BYTES_MAX ? 1 : 0;
                    bytes += size;
                    actions++;
                }
            }
        }
        assertThat(actions).isGreaterThan(3_000);
        assertThat(bytes / actions).isLessThan(72);
        assertThat(longer).isLessThan(actions / 50);
    }

    private static boolean endsHand(RandomPlay play) {
        return play.outputs.stream()
                .anyMatch(output -> output instanceof Output.Broadcast said && said.said() instanceof Said.Ended);
    }

    private static int saved(Table before, Table after, History historyBefore, History historyAfter) {
        List<CellChange> cells = new ArrayList<>();
        cells.add(new CellChange("t", Splice.between(bytes(before), bytes(after))));
        if (!historyBefore.equals(historyAfter)) {
            cells.add(new CellChange("h", Splice.between(bytes(historyBefore), bytes(historyAfter))));
        }
        var delta = new EntityDelta(cells, null, List.of(), List.of(), List.of(), List.of(), List.of());
        return EntityDelta.CODEC.encode(delta).length;
    }

    private static Bytes bytes(Record state) {
        return BOOK.write(state);
    }
}
