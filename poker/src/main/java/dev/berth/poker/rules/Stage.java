package dev.berth.poker.rules;

// A game is a stack of these. A stage knows what it does and when that is done; what comes before and after it, it does
// not know, and so the same ones make another game in another order. What it remembers lies on the felt, so that a
// stage itself is a few numbers that never change, and serves all tables.

/** One stage of a hand, a small machine of its own. Any thread. */
interface Stage {
    /** Begins; one that has nobody to wait for does its work and is over. */
    Next enter(Play play);

    /**
     * Somebody comes, goes, or stops playing for a while.
     *
     * @param seat his, or 0
     */
    default Next seating(Play play, Event.Seating event, int seat) {
        return Next.STAY;
    }

    /** The player who was asked answers. */
    default Next act(Play play, Event.Act act, int seat) {
        return Next.STAY;
    }

    /** What the seat whose turn it is has been asked. */
    default Output question(Play play, int seat) {
        throw new IllegalStateException(this + " asks nobody");
    }

    /** The time asked for last is over. */
    default Next timeOver(Play play, Deck deck) {
        return Next.STAY;
    }
}
