package dev.berth.client;

import dev.berth.core.PublicApi;
import java.time.Duration;

/** What a client hears without having asked. Immutable; any thread. */
@PublicApi
public sealed interface News {
    /**
     * The game told something: each position of a feed once, in their order.
     *
     * @param feed empty for the user's own
     * @param position counts from 1 in each feed
     */
    record Told(String feed, long position, Letter letter) implements News {}

    /** These positions of a feed are gone for good, both ends included: the client was away for longer than history is kept. */
    record Lost(String feed, long from, long upTo) implements News {}

    /** The client is in, for the first time or again. */
    record Online(String uid) implements News {}

    /**
     * The client is not in, and tries the next gate by itself.
     *
     * @param why for people
     */
    record Offline(String why, Duration retryIn) implements News {}

    /**
     * The last that is heard: the client does not come again by itself. The program may begin a new one.
     *
     * @param code DENIED: name or secret are wrong. REPLACED: the user has logged in from elsewhere, later. LOGGED_OUT: by this
     *     client or by the game. VERSION: the client is too old or too new. PROTOCOL: a bug of the client, or of the gate.
     *     BROKEN: a bug in this JVM. Others may be added
     * @param text for people
     */
    record Ended(String code, String text) implements News {}
}
