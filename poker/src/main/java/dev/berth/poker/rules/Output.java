package dev.berth.poker.rules;

import java.util.List;

/** What a step wants to be done, in this order. Any thread. */
public sealed interface Output {
    /** What was said before is over for who comes back; the next broadcast has number 0. */
    record HandBegins(long hand) implements Output {}

    /**
     * @param seq 0 to 65,535, then 0 again
     * @param to players by their seats, then watchers; nobody twice
     */
    record Broadcast(int seq, Said said, List<Long> to) implements Output {}

    /**
     * A card that only he may see.
     *
     * @param place among his cards, from 0
     * @param seq that of the broadcast that follows
     */
    record Dealt(long player, int seat, byte card, int place, int seq) implements Output {}

    /**
     * It is his turn: to post a blind (both limits 0), or to call, raise, fold.
     *
     * @param call what is missing, also if he has less
     * @param raiseMin on top of the call, as {@code raiseMax}
     */
    record BetAsked(long player, int seat, long call, long raiseMin, long raiseMax) implements Output {}

    /** It is his turn to discard what he likes. */
    record DiscardAsked(long player, int seat) implements Output {}

    /** {@link Event.TimeOver} of this number after so many milliseconds; it replaces the request before. */
    record Wake(long number, int millis) implements Output {}

    /** He has left with this much, which is his balance's again. */
    record Left(long player, long cents) implements Output {}

    /** He did not join, the buy-in is his balance's again. */
    record Refused(long player, long cents) implements Output {}
}
