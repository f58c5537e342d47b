package dev.berth.poker.rules;

/** Waits, and begins a hand if there are enough players by then. Any thread. */
record StartDelay() implements Stage {
    @Override
    public Next enter(Play play) {
        for (int seat = 1; seat <= play.felt.seats; seat++) {
            if (play.felt.is(seat, SeatState.LEAVING)) {
                Seats.leave(play, seat);
            }
        }
        play.wake(play.terms.delayMillis());
        return Next.STAY;
    }

    @Override
    public Next seating(Play play, Event.Seating event, int seat) {
        switch (event) {
            case Event.Join join -> Seats.join(play, join, SeatState.PLAYING);
            case Event.Leave leave -> Seats.leave(play, seat);
            case Event.SitOut sitOut -> Seats.sitOut(play, seat);
            case Event.ComeBack comeBack -> Seats.comeBack(play, seat);
        }
        return Next.STAY;
    }

    @Override
    public Next timeOver(Play play, Deck deck) {
        Felt felt = play.felt;
        ready(felt);
        if (felt.count(Blinds.ACTIVE) >= play.terms.required()) {
            felt.seq(0);
            felt.hand(felt.hand() + 1 & 0xFFFF_FFFFL);
            felt.shuffle(deck);
            play.add(new Output.HandBegins(felt.hand()));
            play.say(new Said.Chat(0, "The game starts."));
            play.say(new Said.Started());
            return Next.ON;
        }
        if (play.isDeserted()) {
            felt.asleep(true);
            return Next.STAY;
        }
        play.say(new Said.Chat(0, "Too few players."));
        play.say(new Said.Cancelled());
        play.wake(play.terms.delayMillis());
        return Next.STAY;
    }

    /** Who has folded or is all-in plays again; who has nothing left sits out. */
    private static void ready(Felt felt) {
        for (int seat = 1; seat <= felt.seats; seat++) {
            if (felt.isTaken(seat) && felt.stack(seat) == 0) {
                felt.state(seat, SeatState.SITTING_OUT);
            } else if (felt.is(seat, SeatState.FOLDED | SeatState.ALL_IN)) {
                felt.state(seat, SeatState.PLAYING);
            }
        }
    }
}
