package dev.berth.poker.bot;

/** Something that a client should never hear. Any thread. */
public record Finding(Kind kind, String who, String detail) {
    /** What is wrong. */
    public enum Kind {
        /** A number of a broadcast is missing, or there twice. */
        GAP,
        /** What was heard before is not in the history that came after a log-in. */
        LOST_HISTORY,
        /** The same, and it was the player's own action. */
        LOST_ACTION,
        /** More actions of the player than answers that it gave. */
        DOUBLED_ACTION,
        /** A BET_REQ came before the broadcasts that explain it, or to one who folded. */
        EARLY_REQUEST,
        /** Cards that cannot be: one twice, or a third one of one's own. */
        CARDS,
        /** Chips that came from nowhere or are gone. */
        CHIPS,
        /** A packet that clients cannot read, or a refused log-in. */
        PACKET,
    }

    @Override
    public String toString() {
        return who + " " + kind + ": " + detail;
    }
}
