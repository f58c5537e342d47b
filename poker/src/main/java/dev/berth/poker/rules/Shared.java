package dev.berth.poker.rules;

/** So many cards that lie in the middle for all. Any thread. */
record Shared(int count) implements Stage {
    @Override
    public Next enter(Play play) {
        for (int i = 0; i < count; i++) {
            play.felt.share();
            play.say(new Said.Shared(play.felt.board(play.felt.shared() - 1)));
        }
        return Next.ON;
    }
}
