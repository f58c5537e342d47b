package dev.berth.poker.rules;

/**
 * A round of bets, until all who can have called or folded. Any thread.
 *
 * @param number as it is announced: 1 preflop, 2 flop, 3 turn, 4 river
 * @param isHigh whether its bet is the high one
 */
record Betting(int number, boolean isHigh, Limit limit) implements Turns {
    /** The blinds count as bets, and the first to act is the one after them. */
    private boolean isFirst() {
        return number == 1;
    }

    @Override
    public Next enter(Play play) {
        Felt felt = play.felt;
        if (Turns.isOneLeft(felt)) {
            return Next.LAST;
        }
        if (felt.count(SeatState.PLAYING) < 2) {
            return Next.ON;
        }
        felt.nobodyActed();
        if (!isFirst()) {
            felt.base(felt.level());
        }
        felt.raise(0);
        play.say(new Said.Stage(number));
        return askAfter(play, isFirst() ? felt.bigBlind() : felt.dealer());
    }

    @Override
    public Next askAfter(Play play, int after) {
        int seat = play.felt.nextToAct(after, SeatState.PLAYING);
        if (seat == 0) {
            return Next.ON;
        }
        play.ask(seat);
        return Next.STAY;
    }

    @Override
    public Output question(Play play, int seat) {
        long call = missing(play.felt, seat);
        return new Output.BetAsked(play.felt.player(seat), seat, call, min(play, seat), max(play, seat));
    }

    private static long missing(Felt felt, int seat) {
        return Math.max(0, felt.level() - felt.paid(seat));
    }

    private long size(Play play) {
        return isHigh ? play.terms.high() : play.terms.low();
    }

    private long min(Play play, int seat) {
        return limit.min(size(play), play.felt.raise(), left(play.felt, seat));
    }

    private long max(Play play, int seat) {
        return limit.max(size(play), left(play.felt, seat));
    }

    private static long left(Felt felt, int seat) {
        return Math.max(0, felt.stack(seat) - missing(felt, seat));
    }

    @Override
    public Next timeOver(Play play, Deck deck) {
        return folded(play, play.felt.acting());
    }

    @Override
    public Next act(Play play, Event.Act act, int seat) {
        if (!(act instanceof Event.Bet bet)) {
            return Next.STAY;
        }
        return switch (bet) {
            case Event.Call call -> call(play, seat, call.amount());
            case Event.Raise raise -> raise(play, seat, raise.amount());
            case Event.Fold fold -> folded(play, seat);
        };
    }

    private Next folded(Play play, int seat) {
        Turns.fold(play, seat);
        return Turns.isOneLeft(play.felt) ? Next.LAST : askAfter(play, seat);
    }

    private Next call(Play play, int seat, long amount) {
        Felt felt = play.felt;
        long call = missing(felt, seat);
        long stack = felt.stack(seat);
        if (amount > stack || amount > call || amount < Math.min(call, stack)) {
            return folded(play, seat);
        }
        felt.pay(seat, amount);
        if (amount == stack) {
            allIn(play, seat);
        } else {
            felt.acted(seat);
            play.say(new Said.Called(felt.player(seat), seat, amount));
        }
        return askAfter(play, seat);
    }

    private static void allIn(Play play, int seat) {
        play.felt.state(seat, SeatState.ALL_IN | (play.felt.state(seat) & SeatState.LEAVING));
        play.say(new Said.State(play.felt.player(seat), seat, SeatState.ALL_IN));
    }

    private Next raise(Play play, int seat, long amount) {
        Felt felt = play.felt;
        long call = missing(felt, seat);
        long stack = felt.stack(seat);
        if (amount > stack || amount > max(play, seat) || (amount < min(play, seat) && amount + call != stack)) {
            return folded(play, seat);
        }
        // Of one who has not all of it, all he has.
        long raise = Math.min(amount, stack - call);
        if (raise <= 0) {
            return call(play, seat, Math.min(call, stack));
        }
        felt.pay(seat, call + raise);
        felt.level(felt.level() + raise);
        felt.raise(Math.max(felt.raise(), raise));
        felt.nobodyActed();
        if (call + raise == stack) {
            allIn(play, seat);
        } else {
            felt.acted(seat);
        }
        play.say(new Said.Raised(felt.player(seat), seat, raise));
        return askAfter(play, seat);
    }
}
