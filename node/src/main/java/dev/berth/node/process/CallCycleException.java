package dev.berth.node.process;

import dev.berth.core.PublicApi;

/** A call that could never have been answered: whoever is asked waits, by one or more calls, for whoever asks. */
@PublicApi
public final class CallCycleException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** By which another node knows it from what a behavior throws. */
    public static final String KIND = CallCycleException.class.getName();

    CallCycleException(String asker, String asked) {
        this(text(asker, asked));
    }

    /** Of what another node has found. */
    public CallCycleException(String message) {
        super(message);
    }

    static String text(String asker, String asked) {
        return asker + " asks " + asked + ", which waits for " + asker
                + " itself: send the message instead of asking (@OneWay), or let " + asked
                + " take questions while it waits for this one (@Reentrant)";
    }
}
