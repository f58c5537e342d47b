package dev.berth.core.session;

// What of a session is durable stays under EntityLimits.STATE_MAX (400 KiB): 32 answers of 4 KiB, 128 KiB of its own
// feed, and a few KiB for the rest.

/** The bounds of a session, the same for clients, gates and owners. Any thread. */
public final class SessionLimits {
    /** What a client has said and has no answer to; it says no more before an answer comes. */
    public static final int SAYS_MAX = 32;

    /** Most bytes of the body of a SAY or of its answer; larger things go in pieces. */
    public static final int BODY_MAX = 4_096;

    /** Most bytes of the body of an item of a feed. */
    public static final int ITEM_MAX = 16_384;

    /** Items that a history keeps, the personal feed's for example; the oldest go first. */
    public static final int HISTORY_MAX = 256;

    /** Most bytes of those items together. */
    public static final int HISTORY_BYTES_MAX = 128 << 10;

    /** Items in one answer to a READ. */
    public static final int PAGE_MAX = 64;

    /** Most bytes of those items together, or a single item. */
    public static final int PAGE_BYTES_MAX = 32 << 10;

    /** Feeds that one session hears beside its own. */
    public static final int FEEDS_MAX = 32;

    /** Who hears of one feed from one owner. */
    public static final int AUDIENCE_MAX = 16_384;

    /** Most bytes of a name: of a user, feed, origin, device, or type of a body. */
    public static final int NAME_MAX = 120;

    /** Most bytes of what a client proves itself with. */
    public static final int SECRET_MAX = 1_024;

    /** Most bytes of a token and of its hash. */
    public static final int TOKEN_MAX = 64;

    /** Most bytes of an explanation. */
    public static final int TEXT_MAX = 200;

    /** Most bytes of HOST:PORT where a client is sent. */
    public static final int ADDRESS_MAX = 260;

    /** After so many positions without a SAY that tells so, a client says what it has. */
    public static final int ACK_EVERY = 32;

    private SessionLimits() {}
}
