package dev.berth.poker.rules;

/** What happens to a table. Players are numbers as the packets have them: 1 to 2^32 - 1, 0 is the house. Any thread. */
public sealed interface Event {
    /** About a seat; each stage has its own view of it. */
    sealed interface Seating extends Event {
        long player();
    }

    /** Of the player who is asked; from anybody else it means nothing. */
    sealed interface Act extends Event {
        long player();
    }

    /** In rounds of bets, and asked for a blind. */
    sealed interface Bet extends Act {}

    /** A player has paid the buy-in out of his balance, and gets a seat for it, or it back: {@link Output.Refused}. */
    record Join(long player, int seat, long buyIn) implements Seating {}

    record Leave(long player) implements Seating {}

    record SitOut(long player) implements Seating {}

    record ComeBack(long player) implements Seating {}

    /** Heard if he sits or watches. */
    record Chat(long player, String text) implements Event {}

    record Call(long player, long amount) implements Bet {}

    /** @param amount on top of what a call would be */
    record Raise(long player, long amount) implements Bet {}

    record Fold(long player) implements Bet {}

    /** @param cards of the own ones, the first is bit 0; without any he keeps what he has */
    record Discard(long player, int cards) implements Act {}

    /** @param watcher any number that is no player's, or the player's own */
    record Watch(long watcher) implements Event {}

    record Unwatch(long watcher) implements Event {}

    /**
     * The time of {@link Output.Wake} is over.
     *
     * @param number of that request; an older one than the table's newest means nothing any more
     * @param deck freshly shuffled; it is looked at only if a hand starts
     */
    record TimeOver(long number, Deck deck) implements Event {}
}
