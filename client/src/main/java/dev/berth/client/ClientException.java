package dev.berth.client;

import dev.berth.core.PublicApi;

/** Why there is no answer, or none that can be read. Any thread. */
@PublicApi
public final class ClientException extends RuntimeException {
    /** What is known of what was said. */
    public enum Kind {
        /** The application said no; nothing has changed. {@link #code} is its own. */
        FAILED,
        /** It was not taken, and surely not done: too much has no answer yet. Say it again when an answer has come. */
        FULL,
        /** The session is over, and what was said is surely not done. {@link #code} is that of the end. */
        OVER,
        /** The session is over, and what was said may have been done or not. {@link #code} is that of the end. */
        UNKNOWN,
        /** Not within the time that the caller gives; the client goes on, and it will be done once. */
        LATE,
        /** The bytes are no record of the client's book. */
        UNREADABLE
    }

    private final Kind kind;
    private final String code;

    ClientException(Kind kind, String code, String text) {
        super(text);
        this.kind = kind;
        this.code = code;
    }

    public Kind kind() {
        return kind;
    }

    /** For programs; empty where {@link #kind} says all. */
    public String code() {
        return code;
    }
}
