package dev.berth.core.session;

import dev.berth.core.PublicApi;

// Whoever is in a game is busy, with a living connection or without one: a player who drops out in mid-game is the one
// for whom it matters (D1).

/** How a user is when he logs in; the first that holds. Any thread. */
@PublicApi
public enum Condition {
    /** He hears a feed of somebody else: a game, a room. */
    BUSY,
    /** He has a connection. */
    ONLINE,
    /** He has a session, and no connection. */
    CLIENT_DOWN,
    /** He has none. */
    OFFLINE
}
