package dev.berth.poker.rules;

/** Gives away what lies in the middle. Any thread. */
record Showdown() implements Stage {
    @Override
    public Next enter(Play play) {
        Felt felt = play.felt;
        long[] wins = Pots.wins(felt);
        felt.handOn(false);
        for (int seat = 1; seat <= felt.seats; seat++) {
            if (wins[seat] > 0) {
                felt.stack(seat, felt.stack(seat) + wins[seat]);
                play.say(new Said.Won(felt.player(seat), seat, wins[seat]));
            }
        }
        play.say(new Said.Ended());
        return Next.FIRST;
    }
}
