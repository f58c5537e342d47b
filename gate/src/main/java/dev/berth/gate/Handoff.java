package dev.berth.gate;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Bytes;
import dev.berth.node.launch.HostPort;
import java.time.Duration;
import java.util.Optional;

/**
 * How a gateway says to a client where to go: a plug, which knows nothing of one client and keeps nothing. Called on event loops, many
 * at a time.
 */
@PublicApi
public interface Handoff {
    /** How packets lie in a TCP stream. */
    Framing framing();

    /** Whether the client says something first; then it is answered after that, else when it has connected. */
    boolean clientSpeaksFirst();

    /**
     * What it has said first.
     *
     * @throws MalformedPacketException when it is no client of this protocol: it is closed
     */
    default void heard(Bytes packet) throws MalformedPacketException {}

    /** How long a client waits for a place before it is told that there is none; no longer than it would wait by itself. */
    Duration patience();

    /** The packet that sends a client there; it is closed behind it. */
    Bytes to(HostPort server);

    /** The packet that says that there is no place now; nothing if it is only closed. */
    Optional<Bytes> noPlace(String why, int retryMillis);

    /** For clients that speak docs/client-protocol.md: GONE, with the code HANDOFF and where to go, or NO_PLACE and how long to wait. Patience is 2 s. */
    static Handoff sessions() {
        return new SessionHandoff();
    }

    /**
     * For OpenPoker's clients, of 2008, which say nothing, wait 12 s for a HANDOFF and know no other answer. One for which there is no place within 10 s is
     * closed.
     */
    static Handoff openPoker() {
        return new OpenPokerHandoff();
    }
}
