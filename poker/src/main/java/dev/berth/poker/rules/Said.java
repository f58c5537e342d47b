package dev.berth.poker.rules;

/** What everybody at a table hears, one for each NOTIFY packet. Any thread. */
public sealed interface Said {
    /** Of somebody who has a seat. */
    sealed interface OfSeat extends Said {
        long player();

        int seat();
    }

    /** @param player 0 is the house */
    record Chat(long player, String text) implements Said {}

    record Started() implements Said {}

    record Cancelled() implements Said {}

    record Ended() implements Said {}

    record Joined(long player, int seat) implements OfSeat {}

    record Left(long player, int seat) implements OfSeat {}

    record Button(int seat) implements Said {}

    record SmallBlind(int seat) implements Said {}

    record BigBlind(int seat) implements Said {}

    /** A blind. */
    record Bet(long player, int seat, long amount) implements OfSeat {}

    record Called(long player, int seat, long amount) implements OfSeat {}

    /** @param amount on top of the call */
    record Raised(long player, int seat, long amount) implements OfSeat {}

    /** @param state {@link SeatState#FOLDED} or {@link SeatState#ALL_IN} as the packets number them */
    record State(long player, int seat, int state) implements OfSeat {}

    /** He was dealt a card that nobody else sees. */
    record Private(long player, int seat) implements OfSeat {}

    record Shared(byte card) implements Said {}

    /** @param stage 1 preflop, 2 flop, 3 turn, 4 river */
    record Stage(int stage) implements Said {}

    /** @param count of his cards he has given away */
    record Discarded(long player, int seat, int count) implements OfSeat {}

    record Won(long player, int seat, long amount) implements OfSeat {}
}
