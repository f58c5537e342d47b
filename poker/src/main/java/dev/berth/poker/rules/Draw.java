package dev.berth.poker.rules;

/** Everybody in the hand, all-in or not, may give cards away for as many others, once. Any thread. */
record Draw() implements Turns {
    @Override
    public Next enter(Play play) {
        if (Turns.isOneLeft(play.felt)) {
            return Next.LAST;
        }
        play.felt.nobodyActed();
        return askAfter(play, play.felt.dealer());
    }

    @Override
    public Next askAfter(Play play, int after) {
        int seat = play.felt.nextToAct(after, IN);
        if (seat == 0) {
            return Next.ON;
        }
        play.ask(seat);
        return Next.STAY;
    }

    @Override
    public Output question(Play play, int seat) {
        return new Output.DiscardAsked(play.felt.player(seat), seat);
    }

    @Override
    public Next act(Play play, Event.Act act, int seat) {
        return act instanceof Event.Discard discard ? discarded(play, seat, discard.cards()) : Next.STAY;
    }

    /** He keeps what he has. */
    @Override
    public Next timeOver(Play play, Deck deck) {
        return discarded(play, play.felt.acting(), 0);
    }

    private Next discarded(Play play, int seat, int cards) {
        int away = cards & (1 << Felt.CARDS_MAX) - 1;
        play.say(new Said.Discarded(play.felt.player(seat), seat, Integer.bitCount(away)));
        for (int place = 0; place < Felt.CARDS_MAX; place++) {
            if ((away & 1 << place) != 0) {
                play.felt.swap(seat, place);
                Deal.tell(play, seat, place);
            }
        }
        play.felt.acted(seat);
        return askAfter(play, seat);
    }
}
