package dev.berth.lab.poker;

import dev.berth.poker.rules.Card;
import dev.berth.poker.rules.Deck;
import dev.berth.poker.rules.Event;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.Output;
import dev.berth.poker.rules.Said;
import dev.berth.poker.rules.Step;
import dev.berth.poker.rules.Table;
import dev.berth.poker.rules.Terms;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One hand at a new table, played at random to its end. What each has paid is reckoned from what was said. One thread. */
final class PlayedHand {
    private static final Game[] GAMES = Game.values();

    final List<String> board = new ArrayList<>();
    final SortedMap<Integer, Long> won = new TreeMap<>();
    private final Map<Integer, List<String>> cards = new LinkedHashMap<>();
    private final Map<Integer, Long> stacks = new TreeMap<>();
    private final Map<Integer, Long> paid = new TreeMap<>();
    private final List<Integer> folded = new ArrayList<>();
    private final Random dice;
    private Table table;
    private Output.@Nullable BetAsked asked;
    private boolean ended;

    PlayedHand(Random dice) {
        this.dice = dice;
        Game game = GAMES[dice.nextInt(GAMES.length)];
        int seats = 2 + dice.nextInt(Math.min(10, game.seatsMax()) - 1);
        long low = dice.nextLong(2, 22);
        Terms terms = new Terms(game, 1 + dice.nextInt(2), seats, low, 2 * low, 1_000, 1_000, 2);
        table = Table.open(terms).table();
        for (int seat = 1; seat <= seats; seat++) {
            long stack = dice.nextLong(1, dice.nextBoolean() ? 15 * low : 100 * low);
            stacks.put(seat, stack);
            put(new Event.Join(seat, seat, stack));
        }
        put(new Event.TimeOver(table.wake().orElseThrow().number(), deck()));
        while (!ended) {
            put(answer());
        }
    }

    /** Those who were dealt in, in the order of the deal. */
    List<Judge.Player> players() {
        return cards.entrySet().stream()
                .map(dealt -> new Judge.Player(
                        dealt.getKey(),
                        paid.getOrDefault(dealt.getKey(), 0L),
                        folded.contains(dealt.getKey()),
                        dealt.getValue()))
                .toList();
    }

    private Event answer() {
        if (table.asked().orElseThrow() instanceof Output.DiscardAsked discard) {
            return new Event.Discard(discard.player(), dice.nextInt(32));
        }
        var bet = (Output.BetAsked) table.asked().orElseThrow();
        asked = bet;
        long stack = stacks.getOrDefault(bet.seat(), 0L);
        long call = Math.min(bet.call(), stack);
        return switch (cards.isEmpty() ? 9 : dice.nextInt(10)) {
            case 0 -> new Event.Fold(bet.player());
            case 1, 2 -> new Event.Raise(bet.player(), bet.raiseMin());
            case 3 -> new Event.Raise(bet.player(), Math.max(stack - call, 0));
            case 4 -> new Event.Raise(bet.player(), (bet.raiseMin() + bet.raiseMax()) / 2);
            default -> new Event.Call(bet.player(), call);
        };
    }

    private void put(Event event) {
        Step step = table.after(event);
        table = step.table();
        for (Output output : step.outputs()) {
            if (output instanceof Output.Dealt dealt) {
                List<String> own = cards.computeIfAbsent(dealt.seat(), seat -> new ArrayList<>());
                String card = Card.text(dealt.card());
                if (dealt.place() < own.size()) {
                    own.set(dealt.place(), card);
                } else {
                    own.add(card);
                }
            } else if (output instanceof Output.Broadcast broadcast) {
                hear(broadcast.said());
            }
        }
    }

    private void hear(Said said) {
        switch (said) {
            case Said.Bet bet -> pay(bet.seat(), bet.amount());
            case Said.Called called -> pay(called.seat(), called.amount());
            case Said.Raised raised -> {
                // Who is all-in has paid already, when that was said.
                if (stacks.getOrDefault(raised.seat(), 0L) > 0 && asked != null) {
                    pay(raised.seat(), asked.call() + raised.amount());
                }
            }
            case Said.State state -> {
                if (state.state() == 2) {
                    folded.add(state.seat());
                } else if (!cards.isEmpty()) {
                    pay(state.seat(), stacks.getOrDefault(state.seat(), 0L));
                }
            }
            case Said.Shared shared -> board.add(Card.text(shared.card()));
            case Said.Won win -> won.merge(win.seat(), win.amount(), Long::sum);
            case Said.Ended end -> ended = true;
            default -> {}
        }
    }

    private void pay(int seat, long cents) {
        paid.merge(seat, cents, Long::sum);
        stacks.merge(seat, -cents, Long::sum);
    }

    private Deck deck() {
        List<Byte> all = new ArrayList<>();
        for (byte card = 1; card <= Card.COUNT; card++) {
            all.add(card);
        }
        Collections.shuffle(all, dice);
        byte[] deck = new byte[Card.COUNT];
        for (int i = 0; i < deck.length; i++) {
            deck[i] = all.get(i);
        }
        return Deck.startingWith(deck);
    }
}
