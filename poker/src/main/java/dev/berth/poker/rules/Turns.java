package dev.berth.poker.rules;

/** A stage in which those who are in the hand are asked one after the other. Any thread. */
interface Turns extends Stage {
    /** Not folded. */
    int IN = SeatState.PLAYING | SeatState.ALL_IN;

    /** Asks the next seat after this one, or the round is over. */
    Next askAfter(Play play, int seat);

    static void fold(Play play, int seat) {
        Felt felt = play.felt;
        felt.state(seat, SeatState.FOLDED | (felt.state(seat) & SeatState.LEAVING));
        play.say(new Said.State(felt.player(seat), seat, SeatState.FOLDED));
    }

    static boolean isOneLeft(Felt felt) {
        return felt.count(IN) == 1;
    }

    /** Nobody comes in the middle of a hand. Who goes folds now, and his seat is empty when the hand is over; all-in he may still win. */
    @Override
    default Next seating(Play play, Event.Seating event, int seat) {
        return switch (event) {
            case Event.Join join -> {
                Seats.refuse(play, join);
                yield Next.STAY;
            }
            case Event.Leave leave -> leave(play, seat);
            case Event.SitOut sitOut -> Next.STAY;
            case Event.ComeBack comeBack -> Next.STAY;
        };
    }

    private Next leave(Play play, int seat) {
        Felt felt = play.felt;
        felt.state(seat, felt.state(seat) | SeatState.LEAVING);
        if (!felt.is(seat, SeatState.PLAYING)) {
            return Next.STAY;
        }
        fold(play, seat);
        if (isOneLeft(felt)) {
            return Next.LAST;
        }
        return seat == felt.acting() ? askAfter(play, seat) : Next.STAY;
    }
}
