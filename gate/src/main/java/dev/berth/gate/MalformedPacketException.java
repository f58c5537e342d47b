package dev.berth.gate;

import dev.berth.core.PublicApi;

/** What has come from a client is no packet and never will be. */
@PublicApi
public final class MalformedPacketException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean tooLarge;

    public MalformedPacketException(String message) {
        this(message, false);
    }

    private MalformedPacketException(String message, boolean tooLarge) {
        super(message, null, false, false);
        this.tooLarge = tooLarge;
    }

    /** A packet of a client that is longer than the gate allows. */
    public static MalformedPacketException tooLarge(long length, int packetMax) {
        return new MalformedPacketException("a packet of " + length + " bytes or more, at most " + packetMax, true);
    }

    boolean isTooLarge() {
        return tooLarge;
    }
}
