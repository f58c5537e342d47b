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
import java.util.List;
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
        if (seat == 1 && hall.isJudged(this)) {
            record(told, item.lines());
        }
        boolean dealt = false;
        boolean isOwn = false;
        for (Said said : told.said()) {
            dealt |= said instanceof Said.Private one && one.player() == player;
            isOwn |= player == actor && isAction(said, player);
        }
        if (dealt) {
            askCards(player, position, seat, hand, 0);
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

    /** As a game server does, since what everybody hears has no secrets. */
    private void askCards(long player, long position, int seat, @Nullable HeardHand of, int refusals) {
        hall.requests.ask(
                OpenTable.class,
                game,
                "cards",
                player,
                outcome -> {
                    switch (outcome) {
                        case Outcome.Done<Bytes>(Bytes cards)
                        when of != null && cards.length() > 0 -> hall.loop.execute(() -> of.dealt(seat, cards));
                        case Outcome.Done<Bytes> _ -> {}
                        case Outcome.Refused<Bytes> _ ->
                            hall.again(refusals, () -> askCards(player, position, seat, of, refusals + 1));
                        default -> hall.failed("cards", outcome);
                    }
                },
                player,
                position);
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
