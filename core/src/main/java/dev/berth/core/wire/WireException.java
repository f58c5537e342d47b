package dev.berth.core.wire;

// Checked, because bytes from outside are expected to be wrong one day, and whoever reads them must say what happens
// then: close the connection, refuse the record. Writing has no such case: a value that cannot be written is the
// caller's bug and an IllegalArgumentException. It carries no stack trace: the path says where, and a hostile peer
// should cost us little.

/** Bytes that were refused: where, what was found, and what to do about it. Any thread. */
public final class WireException extends Exception {
    /** What is wrong. */
    public enum Kind {
        /** The bytes end too early. */
        TRUNCATED,
        /** A length, a count or a depth is over its bound. */
        OVERSIZED,
        /** A number lies outside of what its field can hold. */
        OUT_OF_RANGE,
        /** No well-formed encoding. */
        MALFORMED,
        /** A field that must be there is not. */
        MISSING,
        /** A frame type, case or constant that this version does not know. */
        UNKNOWN,
        /** Well-formed, but the record's own rules refuse it. */
        INVALID,
        /** Not the first bytes of a frame: something else talks to us. */
        NOT_BERTH,
        /** Another cluster's. */
        WRONG_CLUSTER,
        /** A protocol version or a format that this side does not speak. */
        WRONG_VERSION,
    }

    private final Kind kind;
    private final String path;
    private final String detail;

    public WireException(Kind kind, String detail) {
        this(kind, "", detail);
    }

    private WireException(Kind kind, String path, String detail) {
        super(path.isEmpty() ? detail : path + ": " + detail, null, false, false);
        this.kind = kind;
        this.path = path;
        this.detail = detail;
    }

    public Kind kind() {
        return kind;
    }

    /** Where it was found, as in {@code Admit.view.members[3].name}; empty if outside of any message. */
    public String path() {
        return path;
    }

    /** The same, seen from one level further out. */
    public WireException within(String outer) {
        return new WireException(kind, outer + path, detail);
    }
}
