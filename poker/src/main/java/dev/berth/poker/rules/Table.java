package dev.berth.poker.rules;

import dev.berth.core.wire.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * A table between two events. Chips belong to seats: what a player has brought comes back when he leaves. Any thread.
 *
 * @param felt seats, chips and cards, as {@link Felt} has them; the cards are in it
 * @param watchers in the order in which they came, {@link #WATCHERS_MAX} at most
 */
public record Table(Terms terms, Bytes felt, List<Long> watchers) {
    public static final int WATCHERS_MAX = 256;
    /** Longer ones fit no packet. */
    public static final int CHAT_MAX = 255;

    public Table {
        watchers = List.copyOf(watchers);
    }

    /** A new one, without anybody, and its first wake-up. */
    public static Step open(Terms terms) {
        Play play = new Play(terms, Felt.of(terms.seats(), Felt.empty(terms.seats())), List.of());
        play.go(Next.FIRST);
        return new Step(new Table(terms, play.felt.bytes(), List.of()), play.outputs());
    }

    /** An IllegalStateException, after which nothing is to be saved or said, if chips have come from nowhere or gone there. */
    public Step after(Event event) {
        Play play = new Play(terms, read(), watchers);
        happen(play, event);
        if (play.felt.isAsleep() && !play.isDeserted()) {
            play.felt.asleep(false);
            play.wake(terms.delayMillis());
        }
        play.checkChips();
        Bytes after = play.felt.bytes();
        boolean same = play.watchers.equals(watchers) && after.equals(felt);
        return new Step(same ? this : new Table(terms, after, play.watchers), play.outputs());
    }

    private void happen(Play play, Event event) {
        Felt felt = play.felt;
        Stage stage = play.stage();
        switch (event) {
            case Event.Act act -> {
                int seat = felt.acting();
                if (seat != 0 && felt.player(seat) == act.player()) {
                    play.go(stage.act(play, act, seat));
                }
            }
            case Event.TimeOver over -> {
                if (over.number() == felt.wake()) {
                    play.go(stage.timeOver(play, over.deck()));
                }
            }
            case Event.Seating seating -> {
                int seat = felt.seatOf(seating.player());
                if (seat != 0 || seating instanceof Event.Join) {
                    play.go(stage.seating(play, seating, seat));
                }
            }
            case Event.Chat chat -> {
                boolean heard = felt.seatOf(chat.player()) != 0
                        || (Seats.isPlayer(chat.player()) && watchers.contains(chat.player()));
                if (heard && chat.text().length() <= CHAT_MAX) {
                    play.say(new Said.Chat(chat.player(), chat.text()));
                }
            }
            case Event.Watch watch -> Seats.watch(play, watch.watcher());
            case Event.Unwatch unwatch -> Seats.unwatch(play, unwatch.watcher());
        }
    }

    private Felt read() {
        return Felt.of(terms.seats(), felt);
    }

    /** What somebody has been asked and has not answered: it can be said to him once more. */
    public Optional<Output> asked() {
        Play play = new Play(terms, read(), watchers);
        int seat = play.felt.acting();
        return seat == 0 ? Optional.empty() : Optional.of(play.stage().question(play, seat));
    }

    /** What {@link Event.TimeOver} is due, for an owner who has just loaded the table; none if it sleeps. */
    public Optional<Output.Wake> wake() {
        Felt felt = read();
        int millis = felt.acting() == 0 ? terms.delayMillis() : terms.turnMillis();
        return felt.isAsleep() ? Optional.empty() : Optional.of(new Output.Wake(felt.wake(), millis));
    }

    /** Stacks, and what lies in the middle, in cents. */
    public long chips() {
        return read().chips();
    }

    /** All that can be seen, and each player's own cards. */
    public TableView view() {
        return TableView.of(read());
    }
}
