package dev.berth.lab.bench;

import dev.berth.core.call.Outcome;
import dev.berth.core.wire.Bytes;
import dev.berth.poker.OpenTable;
import dev.berth.poker.OpenTable.Heard;
import dev.berth.poker.rules.Event;
import dev.berth.poker.rules.Lines;
import dev.berth.poker.rules.Output;
import dev.berth.poker.rules.Said;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One table of the hall, and the bots that sit at it. On the hall's loop, but for {@link #act}. */
final class HallTable {
    final long game;
    private final PokerHall hall;
    private final SplittableRandom dice;
    /** Whose turn it is, and what he may say. */
    private volatile Output.@Nullable BetAsked asked;
    /** When the action that is under way was to be sent; 0 if there is none. */
    private volatile long sentNanos;

    private volatile long actor;
    /** The last position at which it was dealt, and that was asked for. */
    private long asksFor;

    private final Map<Long, Integer> seats = new HashMap<>();
    private @Nullable Heard lastItem;
    private Lines.@Nullable Told lastTold;
    /** Of those that the judge sees, the hand at which they are; null for the others. */
    private @Nullable HeardHand hand;

    private final List<HeardHand> hands = new ArrayList<>();

    HallTable(PokerHall hall, long game) {
        this.hall = hall;
        this.game = game;
        this.dice = new SplittableRandom(game);
    }

    /** What the ear of one of its players hears. */
    void hears(long player, int seat, long position, Heard item) {
        hall.heard.increment();
        Lines.Told told = read(item);
        seats.putIfAbsent(player, seat);
        if (seat == 1 && hall.isJudged(this)) {
            record(told, item.lines());
        }
        boolean dealt = false;
        boolean isOwn = false;
        for (Said said : told.said()) {
            dealt |= said instanceof Said.Private one && one.player() == player;
            isOwn |= player == actor && isAction(said, player);
        }
        if (dealt && position > asksFor) {
            asksFor = position;
            askCards(position, hand, 0);
        }
        if (isOwn) {
            acted();
        }
        Output.BetAsked bet = told.asked();
        if (bet != null && bet.player() == player) {
            // A blind that is posted is said with the next question only.
            acted();
            actor = player;
            asked = bet;
        }
    }

    /** As a game server does: once, for all who hear it there. */
    @SuppressWarnings("ReferenceEquality") // another one is read again
    private Lines.Told read(Heard item) {
        Lines.Told told = lastTold;
        if (told == null || item != lastItem) {
            told = Lines.read(item.lines());
            lastItem = item;
            lastTold = told;
        }
        return told;
    }

    private void record(Lines.Told told, Bytes lines) {
        if (told.said().stream().anyMatch(Said.Started.class::isInstance)) {
            hand = new HeardHand();
        }
        if (hand != null) {
            hand.hear(lines);
            if (told.said().stream().anyMatch(Said.Ended.class::isInstance)) {
                hands.add(hand);
            }
        }
    }

    /** As a game server does, once for all who hear it there: what everybody hears has no secrets. */
    private void askCards(long position, @Nullable HeardHand of, int refusals) {
        hall.requests.call(
                OpenTable.class,
                game,
                "hands",
                game,
                outcome -> {
                    switch (outcome) {
                        case Outcome.Done<Object>(List<?> hands) -> dealt(hands, of);
                        case Outcome.Refused<Object> _ ->
                            hall.again(refusals, () -> askCards(position, of, refusals + 1));
                        default -> hall.failed("hands", outcome);
                    }
                },
                position);
    }

    private void dealt(List<?> hands, @Nullable HeardHand of) {
        for (Object each : hands) {
            if (of != null && each instanceof OpenTable.Hand(long player, Bytes cards)) {
                Integer seat = seats.get(player);
                if (seat != null) {
                    of.dealt(seat, cards);
                }
            }
        }
    }

    private void acted() {
        if (sentNanos != 0) {
            hall.took(System.nanoTime() - sentNanos);
            sentNanos = 0;
        }
    }

    private static boolean isAction(Said said, long player) {
        return switch (said) {
            case Said.Called called -> called.player() == player;
            case Said.Raised raised -> raised.player() == player;
            case Said.State state -> state.player() == player;
            default -> false;
        };
    }

    /** At its instant; false if nobody is asked. */
    boolean act(long dueNanos) {
        Output.BetAsked question = asked;
        if (question == null || sentNanos != 0) {
            return false;
        }
        asked = null;
        sentNanos = dueNanos;
        long player = question.player();
        int die = dice.nextInt(100);
        Event.Act act = die < 4 && question.raiseMax() > 0
                ? new Event.Fold(player)
                : die < 12 && question.raiseMax() > 0
                        ? new Event.Raise(player, question.raiseMin())
                        : new Event.Call(player, question.call());
        say(act, 0);
        return true;
    }

    /** Whoever is refused, since there is too much to do, says it again; the time goes on. */
    private void say(Event.Act act, int refusals) {
        hall.requests.ask(
                OpenTable.class,
                game,
                "acts",
                game,
                outcome -> {
                    if (outcome instanceof Outcome.Refused<Bytes>) {
                        hall.again(refusals, () -> say(act, refusals + 1));
                    } else if (!(outcome instanceof Outcome.Done<Bytes>)) {
                        hall.failed("acts", outcome);
                    }
                },
                0L,
                act);
    }

    /** What the judge is to see. */
    List<HeardHand> hands() {
        return hands;
    }
}
