package dev.berth.poker.rules;

/** What becomes of the stage at hand. */
enum Next {
    /** It waits for an event. */
    STAY,
    /** The one above it in the stack begins. */
    ON,
    /** The last one begins: nobody is left to play against. */
    LAST,
    /** The first one begins: the hand is over, or did not come about. */
    FIRST
}
