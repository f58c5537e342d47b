package dev.berth.poker.rules;

/**
 * Cards for everybody who plays, one at a time, from the first seat after the dealer. Any thread.
 *
 * @param rounds so many cards each
 */
record Deal(int rounds) implements Stage {
    @Override
    public Next enter(Play play) {
        Felt felt = play.felt;
        felt.deal(rounds, Turns.IN);
        for (int place = 0; place < rounds; place++) {
            for (int i = 0; i < felt.seats; i++) {
                int seat = (felt.dealer() + i) % felt.seats + 1;
                if (felt.isDealtIn(seat)) {
                    tell(play, seat, place);
                }
            }
        }
        return Next.ON;
    }

    /** One card that only its owner sees, and that everybody sees him get. */
    static void tell(Play play, int seat, int place) {
        Felt felt = play.felt;
        play.add(new Output.Dealt(felt.player(seat), seat, felt.card(seat, place), place, felt.seq()));
        play.say(new Said.Private(felt.player(seat), seat));
    }
}
