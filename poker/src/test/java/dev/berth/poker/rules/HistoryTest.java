package dev.berth.poker.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What comes back from a history is what went in: every kind of line; bounded, numbers that begin anew, players who have gone. */
final class HistoryTest {
    private static final List<Said> ALL = List.of(
            new Said.Chat(0, "The game starts."),
            new Said.Started(),
            new Said.Joined(4_294_967_295L, 23),
            new Said.Button(3),
            new Said.SmallBlind(1),
            new Said.BigBlind(23),
            new Said.Bet(7, 1, 5),
            new Said.Bet(4_294_967_295L, 23, 1_000_000_000_000L),
            new Said.Private(7, 1),
            new Said.Stage(1),
            new Said.Called(7, 1, 0),
            new Said.Raised(7, 1, 128),
            new Said.State(7, 1, SeatState.ALL_IN),
            new Said.Shared((byte) 52),
            new Said.Discarded(7, 1, 0),
            new Said.Chat(9, "na\u00efve, and no end\0"),
            new Said.Chat(9, ""),
            new Said.Won(7, 1, 300),
            new Said.Ended(),
            new Said.Left(7, 1),
            new Said.Joined(8, 1),
            new Said.Called(8, 1, 0),
            new Said.Cancelled());

    @Test
    @Tag("S3.17")
    void whatWasSaid_isSaidAgain_whereverItWasCut() {
        for (int cut = 0; cut <= ALL.size(); cut++) {
            var outputs = new ArrayList<Output>(List.of(new Output.HandBegins(1, List.of(7L, 0L, 0L))));
            outputs.addAll(said(0, ALL.subList(0, cut)));
            var history = History.EMPTY.after(outputs).after(said(cut, ALL.subList(cut, ALL.size())));

            assertThat(history.again(5)).isEqualTo(said(0, ALL));
        }
    }

    @Test
    void newHand_forgetsTheOldOne() {
        var history = History.EMPTY
                .after(said(0, ALL))
                .after(List.of(
                        said(23, ALL).getFirst(),
                        new Output.HandBegins(2, List.of(1L)),
                        said(0, ALL).get(1)));

        assertThat(history.again(5)).containsExactly(new Output.Broadcast(0, new Said.Started(), List.of(5L)));
    }

    @Test
    void tooLong_losesTheOldest_andKeepsNumbersAndPlayers() {
        var history = History.EMPTY.after(List.of(new Output.HandBegins(1, List.of(7L, 0L, 9L))));
        int count = 70_000;
        for (int seq = 0; seq < count; seq++) {
            history = history.after(said(seq, List.of(new Said.Called(9, 3, seq))));
            assertThat(history.lines().length()).isLessThanOrEqualTo(History.BYTES_MAX);
        }
        var again = history.again(5);
        assertThat(again).hasSizeGreaterThan(700);
        assertThat(again.getLast())
                .isEqualTo(said(count - 1, List.of(new Said.Called(9, 3, count - 1)))
                        .getFirst());
        assertThat(again.getFirst().seq()).isEqualTo(count - again.size() & 0xFFFF);
    }

    private static List<Output.Broadcast> said(int first, List<Said> lines) {
        var all = new ArrayList<Output.Broadcast>();
        for (Said line : lines) {
            all.add(new Output.Broadcast(first + all.size() & 0xFFFF, line, List.of(5L)));
        }
        return all;
    }
}
