package dev.berth.poker.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is read is what was written: every kind of line, wherever it was cut, with players who go and come. */
final class LinesTest {
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
    void whatWasSaid_isReadAgain_whereverItWasCut() {
        for (int cut = 0; cut <= ALL.size(); cut++) {
            isReadAgain(new Lines.Told(cut, ALL.subList(0, cut), null));
            isReadAgain(new Lines.Told(0xffff, ALL.subList(cut, ALL.size()), asked(8, 1)));
        }
    }

    @Test
    void whoIsAsked_mayHaveJustTakenTheSeatOfAnother() {
        isReadAgain(new Lines.Told(3, List.of(new Said.Left(7, 2), new Said.Joined(9, 2)), asked(9, 2)));
        isReadAgain(new Lines.Told(3, List.of(), asked(4_294_967_295L, 23)));
    }

    private static Output.@Nullable BetAsked asked(long player, int seat) {
        return new Output.BetAsked(player, seat, 0, 1_000_000_000_000L, 4_294_967_295L);
    }

    private static void isReadAgain(Lines.Told told) {
        assertThat(Lines.read(Lines.write(told))).isEqualTo(told);
    }
}
