package dev.berth.poker.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Players who come, go and bet as the dice fall, mostly as they may, now and then as they may not. One thread. */
public final class RandomPlay {
    final Random dice;
    public Table table;

    /** What came of the last event. */
    public Event event = new Event.Unwatch(0);

    public List<Output> outputs;

    RandomPlay(long seed) {
        dice = new Random(seed);
        Game game = List.of(Game.values()).get(dice.nextInt(Game.values().length));
        int seats = 2 + dice.nextInt(Math.min(10, game.seatsMax()) - 1);
        long low = dice.nextLong(2, 2_002);
        Step opened = Table.open(new Terms(
                game,
                1 + dice.nextInt(2),
                seats,
                low,
                low + dice.nextInt(2_000),
                1_000,
                15_000,
                2 + dice.nextInt(seats - 1)));
        table = opened.table();
        outputs = opened.outputs();
    }

    /** One of ten seats, with players whose numbers are as long as they get, and nobody who leaves. */
    public RandomPlay(long seed, Game game, int seats) {
        dice = new Random(seed);
        Step opened = Table.open(new Terms(game, 1 + dice.nextInt(2), seats, 1_000, 2_000, 1_000, 15_000, 2));
        table = opened.table();
        outputs = opened.outputs();
        for (int seat = 1; seat <= seats; seat++) {
            put(new Event.Join(4_294_967_295L - seat, seat, 100 + dice.nextInt(200_000)));
        }
    }

    void put(Event what) {
        event = what;
        Step step = table.after(what);
        table = step.table();
        outputs = step.outputs();
    }

    /** Anything. */
    void next() {
        int die = dice.nextInt(100);
        long player = dice.nextLong(1, 15);
        if (die < 10) {
            put(new Event.Join(player, dice.nextInt(table.terms().seats() + 2), buyIn()));
        } else if (die < 12) {
            put(new Event.Leave(player));
        } else if (die < 14) {
            put(new Event.SitOut(player));
        } else if (die < 18) {
            put(new Event.ComeBack(player));
        } else if (die < 20) {
            put(new Event.Chat(player, "x".repeat(dice.nextInt(300))));
        } else if (die < 22) {
            put(dice.nextBoolean() ? new Event.Watch(player) : new Event.Watch(player << 40));
        } else if (die < 23) {
            put(new Event.Unwatch(player));
        } else if (die < 26) {
            put(new Event.TimeOver(dice.nextInt(5), deck()));
        } else if (die < 30) {
            put(act(player, dice.nextInt(3_000), 0, dice.nextInt(3_000)));
        } else {
            play();
        }
    }

    private long buyIn() {
        return switch (dice.nextInt(8)) {
            case 0 -> 0;
            case 1 -> dice.nextInt(10);
            case 2 -> 4_294_967_295L;
            default -> dice.nextInt(20_000);
        };
    }

    /** What moves the hand on. */
    public void play() {
        Optional<Output> asked = dice.nextInt(30) == 0 ? Optional.empty() : table.asked();
        if (asked.isEmpty()) {
            put(new Event.TimeOver(table.wake().map(Output.Wake::number).orElse(0L), deck()));
        } else if (asked.get() instanceof Output.BetAsked bet) {
            long stack = table.view().seat(bet.seat()).stack();
            put(
                    bet.raiseMax() == 0 && dice.nextInt(10) > 0
                            ? new Event.Call(bet.player(), Math.min(bet.call(), stack))
                            : act(bet.player(), bet.call(), stack, between(bet.raiseMin(), bet.raiseMax())));
        } else if (asked.get() instanceof Output.DiscardAsked discard) {
            put(new Event.Discard(discard.player(), dice.nextInt(64)));
        }
    }

    private long between(long least, long most) {
        return switch (dice.nextInt(4)) {
            case 0 -> most;
            case 1 -> least + (long) (dice.nextDouble() * (most - least));
            default -> least;
        };
    }

    private Event act(long player, long call, long stack, long raise) {
        return switch (dice.nextInt(12)) {
            case 0 -> new Event.Fold(player);
            case 1, 2, 3, 4 -> new Event.Call(player, Math.min(call, Math.max(stack, 1)));
            case 5 -> new Event.Call(player, stack);
            case 6, 7, 8 -> new Event.Raise(player, raise);
            case 9 -> new Event.Raise(player, stack - call);
            case 10 -> new Event.Raise(player, dice.nextInt(10_000) - 100);
            default -> new Event.Call(player, Math.min(call, stack));
        };
    }

    Deck deck() {
        List<Byte> cards = new ArrayList<>();
        for (byte card = 1; card <= Card.COUNT; card++) {
            cards.add(card);
        }
        Collections.shuffle(cards, dice);
        byte[] all = new byte[Card.COUNT];
        for (int i = 0; i < all.length; i++) {
            all[i] = cards.get(i);
        }
        return Deck.startingWith(all);
    }
}
