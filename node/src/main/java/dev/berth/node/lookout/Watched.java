package dev.berth.node.lookout;

import io.micrometer.core.instrument.MeterRegistry;

/** A node as its lookout sees it. Called on virtual threads, several at a time, and may wait up to a second. */
public interface Watched {
    /** What it is and how it is called, for example {@code worker role-1}. */
    String title();

    /** Why it will not recover by itself and should be started anew; empty while it may. */
    String deadBecause();

    /** Why nobody should count on it now, which may pass; empty when it is ready. */
    String unreadyBecause();

    /** Registers its meters, or once more the same. Called before every scrape. */
    void measure(MeterRegistry meters);
}
