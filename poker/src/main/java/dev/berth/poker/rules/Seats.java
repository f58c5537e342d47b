package dev.berth.poker.rules;

import java.util.List;

/** Coming and going, as far as it is the same in every stage. Any thread. */
final class Seats {
    /** So many bits has a player's number in a packet. */
    private static final long PLAYER_MAX = 0xFFFF_FFFFL;

    private Seats() {}

    /** Takes the seat in this state, without chips sitting out, or the buy-in goes back. */
    static void join(Play play, Event.Join join, int state) {
        Felt felt = play.felt;
        boolean fits = join.seat() >= 1
                && join.seat() <= felt.seats
                && !felt.isTaken(join.seat())
                && felt.seatOf(join.player()) == 0
                && isPlayer(join.player())
                && join.buyIn() >= 0
                && join.buyIn() <= Felt.CENTS_MAX - felt.chips();
        if (!fits) {
            refuse(play, join);
            return;
        }
        felt.state(join.seat(), join.buyIn() > 0 ? state : SeatState.SITTING_OUT);
        felt.player(join.seat(), join.player());
        felt.stack(join.seat(), join.buyIn());
        felt.paid(join.seat(), 0);
        play.brought(join.buyIn());
        unwatch(play, join.player());
        play.audienceChanged();
        play.say(new Said.Joined(join.player(), join.seat()));
    }

    static boolean isPlayer(long number) {
        return number >= 1 && number <= PLAYER_MAX;
    }

    static void refuse(Play play, Event.Join join) {
        play.add(new Output.Refused(join.player(), join.buyIn()));
    }

    /** At once: nothing of his lies in the middle. */
    static void leave(Play play, int seat) {
        Felt felt = play.felt;
        long player = felt.player(seat);
        long cents = felt.stack(seat);
        felt.state(seat, 0);
        felt.player(seat, 0);
        felt.stack(seat, 0);
        play.brought(-cents);
        play.audienceChanged();
        play.say(new Said.Left(player, seat));
        play.add(new Output.Left(player, cents));
    }

    static void sitOut(Play play, int seat) {
        play.felt.state(seat, SeatState.SITTING_OUT);
    }

    /** A player without chips stays where he is. */
    static void comeBack(Play play, int seat) {
        if (play.felt.is(seat, SeatState.SITTING_OUT) && play.felt.stack(seat) > 0) {
            play.felt.state(seat, SeatState.PLAYING);
        }
    }

    static void watch(Play play, long watcher) {
        boolean there = play.felt.seatOf(watcher) != 0 || play.watchers.contains(watcher);
        if (!there && play.watchers.size() < Table.WATCHERS_MAX) {
            Long[] all = play.watchers.toArray(new Long[play.watchers.size() + 1]);
            all[all.length - 1] = watcher;
            play.watchers = List.of(all);
            play.audienceChanged();
        }
    }

    static void unwatch(Play play, long watcher) {
        if (play.watchers.contains(watcher)) {
            play.watchers =
                    play.watchers.stream().filter(each -> each != watcher).toList();
            play.audienceChanged();
        }
    }
}
