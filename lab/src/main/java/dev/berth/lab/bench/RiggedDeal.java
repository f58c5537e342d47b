package dev.berth.lab.bench;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.bot.Answer;
import dev.berth.poker.bot.RiggedHand;
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
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A hand made up from a number, played once by the rules alone: so it is known what everybody does, and who wins. One thread. */
final class RiggedDeal {
    static final long BUY_IN = 50_000;
    /** 5.8 in the mean, as the original's games had. */
    private static final int[] SEATS = {2, 3, 4, 5, 6, 6, 7, 7, 8, 10};

    private static final int LOW = 1_000;
    private static final int HIGH = 2_000;
    private static final int DELAY_MILLIS = 1_000;
    /** Long: a machine that is busy with thousands of games at once is slow, and nobody shall fold for that. */
    private static final int TURN_MILLIS = 60_000;
    /** So few that nobody is all-in. */
    private static final int RAISES_MAX = 6;

    private final SplittableRandom dice;
    private final int seats;
    private final List<List<Answer>> answers = new ArrayList<>();
    private final SortedMap<Integer, Long> winners = new TreeMap<>();
    private Table table;
    private long wake;
    private Output.@Nullable BetAsked asked;
    private boolean isOver;
    private int raises;

    private RiggedDeal(long number) {
        dice = new SplittableRandom(number);
        seats = seats(number);
        Step opened = Table.open(new Terms(Game.TEXAS_FIXED, 2, seats, LOW, HIGH, DELAY_MILLIS, TURN_MILLIS, seats));
        table = opened.table();
        opened.outputs().forEach(this::heard);
    }

    /** How many players hand number so and so has. */
    static int seats(long number) {
        return SEATS[Math.floorMod(number, SEATS.length)];
    }

    /** @param nicks begins the names of the players, to which their seats are added */
    static RiggedHand hand(long number, String nicks) {
        return new RiggedDeal(number).played(nicks);
    }

    static String nick(String nicks, int seat) {
        return nicks + "-" + seat;
    }

    private RiggedHand played(String nicks) {
        Deck deck = shuffled();
        for (int seat = 1; seat <= seats; seat++) {
            answers.add(new ArrayList<>());
            on(new Event.Join(seat, seat, BUY_IN));
        }
        on(new Event.TimeOver(wake, deck));
        while (!isOver) {
            answer();
        }
        List<RiggedHand.Player> players = new ArrayList<>();
        for (int seat = 1; seat <= seats; seat++) {
            players.add(new RiggedHand.Player(nick(nicks, seat), BUY_IN, answers.get(seat - 1)));
        }
        Bytes cards = Bytes.wrap(Arrays.copyOf(deck.cards().toArray(), 2 * seats + 5));
        return new RiggedHand(2, LOW, HIGH, DELAY_MILLIS, TURN_MILLIS, cards, players, winners);
    }

    private Deck shuffled() {
        byte[] cards = new byte[Card.COUNT];
        for (int i = 0; i < cards.length; i++) {
            int at = dice.nextInt(i + 1);
            cards[i] = cards[at];
            cards[at] = (byte) (i + 1);
        }
        return new Deck(Bytes.wrap(cards));
    }

    private void on(Event event) {
        asked = null;
        Step step = table.after(event);
        table = step.table();
        step.outputs().forEach(this::heard);
    }

    private void heard(Output output) {
        switch (output) {
            case Output.Wake due -> wake = due.number();
            case Output.BetAsked bet -> asked = bet;
            case Output.Broadcast(int _, Said said, List<Long> _) -> {
                if (said instanceof Said.Won won) {
                    winners.put(won.seat(), won.amount());
                }
                isOver |= said instanceof Said.Ended;
            }
            case Output.HandBegins _, Output.Dealt _, Output.DiscardAsked _, Output.Left _, Output.Refused _ -> {
                // Nobody has to answer that.
            }
        }
    }

    private void answer() {
        Output.BetAsked bet = asked;
        if (bet == null) {
            throw new IllegalStateException("nobody is asked, and the hand is not over: " + table.view());
        }
        Answer answer = chosen(bet);
        answers.get(bet.seat() - 1).add(answer);
        switch (answer) {
            case FOLD -> on(new Event.Fold(bet.player()));
            case BET, RAISE -> on(new Event.Raise(bet.player(), bet.raiseMin()));
            default -> on(new Event.Call(bet.player(), bet.call()));
        }
    }

    private Answer chosen(Output.BetAsked bet) {
        int throwOf100 = dice.nextInt(100);
        if (bet.raiseMax() == 0) {
            return Answer.BLIND;
        }
        boolean canRaise = raises < RAISES_MAX;
        if (bet.call() == 0) {
            boolean bets = canRaise && throwOf100 < 30;
            raises += bets ? 1 : 0;
            return bets ? Answer.BET : Answer.CHECK;
        }
        if (throwOf100 < 45) {
            return Answer.FOLD;
        }
        boolean isRaise = canRaise && throwOf100 >= 88;
        raises += isRaise ? 1 : 0;
        return isRaise ? Answer.RAISE : Answer.CALL;
    }
}
