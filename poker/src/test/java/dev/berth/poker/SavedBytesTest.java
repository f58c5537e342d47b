package dev.berth.poker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.entity.CellChange;
import dev.berth.core.entity.EntityDelta;
import dev.berth.core.entity.FeedTold;
import dev.berth.core.entity.Splice;
import dev.berth.core.record.RecordBook;
import dev.berth.core.session.FeedItem;
import dev.berth.core.wire.Bytes;
import dev.berth.poker.OpenTable.FeltKept;
import dev.berth.poker.OpenTable.Heard;
import dev.berth.poker.rules.Event;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.Lines;
import dev.berth.poker.rules.Output;
import dev.berth.poker.rules.RandomPlay;
import dev.berth.poker.rules.Said;
import dev.berth.poker.rules.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an entity's log writes of each action of full tables, reckoned with the log's own splices and its own codec: the table's
 * state, and what the step tells. Also of actions that post blinds and deal, end rounds, and end hands.
 */
final class SavedBytesTest {
    private static final int BYTES_MAX = 128;
    /** The whole board at once, and several who win a pot each; or a deal of 20 cards behind the blinds. */
    private static final int MOST = 256;

    private static final RecordBook BOOK = Poker.app().entities().messages();

    @ParameterizedTest
    @EnumSource(Game.class)
    void anAction_isSavedInFewBytes(Game game) {
        TreeMap<Integer, Integer> bySize = new TreeMap<>();
        long bytes = 0;
        int actions = 0;
        for (int seed = 0; seed < 60; seed++) {
            var play = new RandomPlay(seed, game, Math.min(10, game.seatsMax()));
            for (int i = 0; i < 300; i++) {
                Table before = play.table;
                play.play();
                if (play.event instanceof Event.Act && !play.table.equals(before)) {
                    int size = saved(before, play.table, play.outputs);
                    bySize.merge(size, 1, Integer::sum);
                    bytes += size;
                    actions++;
                }
            }
        }
        int longer = bySize.tailMap(BYTES_MAX, false).values().stream()
                .mapToInt(count -> count)
                .sum();
        String seen = game + ": " + bytes / actions + " bytes in the mean, " + bySize.lastKey() + " at most, " + longer
                + " of " + actions + " over " + BYTES_MAX;
        assertThat(actions).as(seen).isGreaterThan(3_000);
        assertThat(bytes / actions).as(seen).isLessThan(112);
        assertThat(longer).as(seen).isLessThan(actions / 4);
        assertThat(bySize.lastKey()).as(seen).isLessThanOrEqualTo(MOST);
    }

    private static int saved(Table before, Table after, List<Output> outputs) {
        int seq = 0;
        List<Said> said = new ArrayList<>();
        Output.BetAsked asked = null;
        for (Output output : outputs) {
            switch (output) {
                case Output.Broadcast(int number, Said line, List<Long> _) -> {
                    seq = said.isEmpty() ? number : seq;
                    said.add(line);
                }
                case Output.BetAsked bet -> asked = bet;
                default -> {}
            }
        }
        Heard heard = new Heard(Lines.write(new Lines.Told(seq, said, asked)));
        var delta = new EntityDelta(
                List.of(new CellChange("f", Splice.between(bytes(felt(before)), bytes(felt(after))))),
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new FeedTold(OpenTable.feed(27_000), List.of(new FeedItem("poker/h", bytes(heard))))));
        return EntityDelta.CODEC.encode(delta).length;
    }

    private static FeltKept felt(Table table) {
        return new FeltKept(table.felt());
    }

    private static Bytes bytes(Record state) {
        return BOOK.write(state);
    }
}
