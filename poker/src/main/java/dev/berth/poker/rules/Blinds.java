package dev.berth.poker.rules;

// Nothing is paid or said until both blinds are promised; who does not want to post one sits out, and the next seat is
// asked.

/** Finds the button and who posts the two blinds. Any thread. */
record Blinds() implements Stage {
    /** May be asked for a blind. */
    static final int ACTIVE = SeatState.PLAYING | SeatState.MAKING_UP;

    private static final int TAKEN = ~0;

    @Override
    public Next enter(Play play) {
        Felt felt = play.felt;
        boolean moves = play.terms.type() == 1 && felt.button() != 0;
        int button = moves ? felt.next(felt.button(), TAKEN) : highest(felt);
        felt.button(button);
        felt.dealer(button);
        felt.smallBlind(0);
        felt.bigBlind(0);
        play.say(new Said.Button(button));
        return askAfter(play, button);
    }

    private static int highest(Felt felt) {
        int seat = felt.seats;
        while (!felt.isTaken(seat)) {
            seat--;
        }
        return seat;
    }

    private Next askAfter(Play play, int after) {
        Felt felt = play.felt;
        if (felt.count(ACTIVE) < 2) {
            return Next.FIRST;
        }
        int seat = felt.next(after, ACTIVE);
        if (seat == felt.smallBlind()) {
            seat = felt.next(seat, ACTIVE);
        }
        play.ask(seat);
        return Next.STAY;
    }

    @Override
    public Output question(Play play, int seat) {
        return new Output.BetAsked(play.felt.player(seat), seat, blind(play), 0, 0);
    }

    private static long blind(Play play) {
        return play.felt.smallBlind() == 0 ? play.terms.smallBlind() : play.terms.bigBlind();
    }

    @Override
    public Next act(Play play, Event.Act act, int seat) {
        if (!(act instanceof Event.Bet bet)) {
            return Next.STAY;
        }
        return switch (bet) {
            case Event.Call call ->
                call.amount() == Math.min(blind(play), play.felt.stack(seat))
                        ? promised(play, seat)
                        : declined(play, seat);
            case Event.Fold fold -> declined(play, seat);
            case Event.Raise raise -> Next.STAY;
        };
    }

    @Override
    public Next timeOver(Play play, Deck deck) {
        return declined(play, play.felt.acting());
    }

    private Next declined(Play play, int seat) {
        Seats.sitOut(play, seat);
        return askAfter(play, seat);
    }

    private Next promised(Play play, int seat) {
        if (play.felt.smallBlind() == 0) {
            play.felt.smallBlind(seat);
            return askAfter(play, seat);
        }
        play.felt.bigBlind(seat);
        return post(play);
    }

    private static Next post(Play play) {
        Felt felt = play.felt;
        int small = felt.smallBlind();
        int big = felt.bigBlind();
        if (play.terms.type() == 1 && felt.count(ACTIVE) == 2) {
            // Heads-up the small blind is the dealer. Where the button goes next follows from the seat that was
            // announced, so that the blinds change sides.
            felt.dealer(small);
        }
        felt.handOn(true);
        pay(play, small, play.terms.smallBlind());
        pay(play, big, play.terms.bigBlind());
        felt.level(Math.max(felt.paid(small), felt.paid(big)));
        felt.base(0);
        play.say(new Said.SmallBlind(small));
        play.say(new Said.BigBlind(big));
        play.say(new Said.Bet(felt.player(small), small, felt.paid(small)));
        play.say(new Said.Bet(felt.player(big), big, felt.paid(big)));
        if (felt.state(small) == (SeatState.PLAYING | SeatState.LEAVING)) {
            Turns.fold(play, small);
        }
        return Next.ON;
    }

    private static void pay(Play play, int seat, long blind) {
        Felt felt = play.felt;
        felt.pay(seat, Math.min(blind, felt.stack(seat)));
        int leaving = felt.state(seat) & SeatState.LEAVING;
        felt.state(seat, (felt.stack(seat) == 0 ? SeatState.ALL_IN : SeatState.PLAYING) | leaving);
        if (felt.stack(seat) == 0) {
            play.say(new Said.State(felt.player(seat), seat, SeatState.ALL_IN));
        }
    }

    @Override
    public Next seating(Play play, Event.Seating event, int seat) {
        Felt felt = play.felt;
        boolean promised = seat != 0 && seat == felt.smallBlind();
        boolean asked = seat != 0 && seat == felt.acting();
        switch (event) {
            case Event.Join join -> Seats.join(play, join, SeatState.MAKING_UP);
            case Event.Leave leave -> {
                if (promised) {
                    felt.state(seat, felt.state(seat) | SeatState.LEAVING);
                } else {
                    Seats.leave(play, seat);
                    return asked ? askAfter(play, seat) : Next.STAY;
                }
            }
            case Event.SitOut sitOut -> {
                if (asked) {
                    return declined(play, seat);
                }
                if (!promised) {
                    Seats.sitOut(play, seat);
                }
            }
            case Event.ComeBack comeBack -> Seats.comeBack(play, seat);
        }
        return Next.STAY;
    }
}
