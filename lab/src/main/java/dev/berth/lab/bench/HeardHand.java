package dev.berth.lab.bench;

import dev.berth.core.wire.Bytes;
import dev.berth.lab.poker.Judge;
import dev.berth.poker.rules.Card;
import dev.berth.poker.rules.Lines;
import dev.berth.poker.rules.Output;
import dev.berth.poker.rules.Said;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A hand as everybody at the table has heard it, with the cards that each has told of himself: who won, and who should have. One thread. */
final class HeardHand {
    private static final int FOLDED = 2;

    private final List<Bytes> items = new ArrayList<>();
    /** By seats, in the order of the deal. */
    private final Map<Integer, List<String>> cards = new LinkedHashMap<>();

    /** While it is played nothing is reckoned. */
    void hear(Bytes lines) {
        items.add(lines);
    }

    void dealt(int seat, Bytes own) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < own.length(); i++) {
            texts.add(Card.text(own.at(i)));
        }
        cards.put(seat, texts);
    }

    /** Null if too little of it was heard, or it was cancelled, else whether those won who should have, and as much. */
    @Nullable
    Boolean isRight() {
        SortedMap<Integer, Long> paid = new TreeMap<>();
        SortedMap<Integer, Long> won = new TreeMap<>();
        List<Integer> folded = new ArrayList<>();
        List<Integer> dealt = new ArrayList<>();
        List<String> board = new ArrayList<>();
        boolean ended = false;
        Output.BetAsked asked = null;
        for (Bytes item : items) {
            Lines.Told told = Lines.read(item);
            for (Said said : told.said()) {
                switch (said) {
                    case Said.Private one when !dealt.contains(one.seat()) -> dealt.add(one.seat());
                    case Said.Bet bet -> paid.merge(bet.seat(), bet.amount(), Long::sum);
                    case Said.Called call -> paid.merge(call.seat(), call.amount(), Long::sum);
                    case Said.Raised raise ->
                        paid.merge(raise.seat(), raise.amount() + (asked == null ? 0 : asked.call()), Long::sum);
                    case Said.State state when state.state() == FOLDED -> folded.add(state.seat());
                    case Said.Shared shared -> board.add(Card.text(shared.card()));
                    case Said.Won win -> won.merge(win.seat(), win.amount(), Long::sum);
                    case Said.Ended _ -> ended = true;
                    case Said.Cancelled _ -> {
                        return null;
                    }
                    default -> {}
                }
            }
            asked = told.asked() == null ? asked : told.asked();
        }
        if (!ended || dealt.isEmpty() || !cards.keySet().containsAll(dealt)) {
            return null;
        }
        List<Judge.Player> players = dealt.stream()
                .map(seat -> new Judge.Player(
                        seat, paid.getOrDefault(seat, 0L), folded.contains(seat), cards.getOrDefault(seat, List.of())))
                .toList();
        return Judge.wins(players, board).equals(won);
    }
}
