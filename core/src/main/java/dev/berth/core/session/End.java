package dev.berth.core.session;

// It travels as text, so that a client that is older than a reason still knows whether to come again.

/** Why a connection ends, in GONE. Any thread. */
public enum End {
    /** No common version of the client protocol. */
    VERSION(true),
    /** A frame that cannot be read, or that has no place where it came. */
    PROTOCOL(true),
    /** Name or secret are wrong; the gate's text says no more. */
    DENIED(true),
    /** The account is disabled: by whoever runs the game, or after too many wrong passwords. */
    DISABLED(true),
    /** Too many wrong passwords or tokens, for this account or from this address; come again later. */
    TOO_MANY_TRIES(false),
    /** Somebody has logged in as the same user, later. */
    REPLACED(true),
    /** The session was ended: by its client, or by the application. */
    LOGGED_OUT(true),
    /** The same client has resumed over another connection. */
    RESUMED(false),
    /** No LOGIN or RESUME in time. */
    LOGIN_TIMEOUT(false),
    /** Nothing was heard for too long. */
    IDLE(false),
    /** More frames than the gate takes from one client. */
    TOO_FAST(false),
    /** The client reads more slowly than it is told. */
    TOO_SLOW(false),
    /** The owner of the session does not answer; it may have a new one soon. */
    TROUBLE(false),
    /** The gate stops, or has enough clients. */
    ELSEWHERE(false),
    /** A gateway has found a place for the client, at the address that comes with this. */
    HANDOFF(false),
    /** No server has a place, or this one has none any more. */
    NO_PLACE(false);

    private final boolean last;

    End(boolean last) {
        this.last = last;
    }

    /** Whether the client must not come again by itself. */
    public boolean isFinal() {
        return last;
    }
}
