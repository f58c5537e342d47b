package dev.berth.core.session;

import dev.berth.core.machine.Backoff;
import dev.berth.core.wire.Bytes;
import java.util.List;

/**
 * What a client needs to know. Any thread.
 *
 * @param gates where to connect, one after the other, beginning anywhere: host:port, or a URL
 * @param name the user's, with {@code secret} and {@code device} for LOGIN
 * @param bodies how the application's messages are written
 * @param backoff the wait before the next gate; counts from the last connection that held for {@code steadyNanos}
 * @param connectNanos for a connection, and then for the gate's first word; doubles with each round of the list, up to
 *     {@code enterNanos}; shorter = a dead gate costs less, a slow network more
 * @param enterNanos from GREETING to WELCOME
 * @param pingNanos of silence of the gate before a PING; three times as long of the client's own, and of both after a minute in
 *     which neither had anything else to say
 * @param silenceNanos after a PING without a word from the gate before the connection is given up
 * @param visits does not log in: what it says is for visitors, and may be done more than once
 */
public record ClientConfig(
        List<String> gates,
        String name,
        Bytes secret,
        String device,
        ClientMessage.Bodies bodies,
        Backoff backoff,
        long connectNanos,
        long enterNanos,
        long pingNanos,
        long silenceNanos,
        long steadyNanos,
        boolean visits) {
    private static final long SECOND = 1_000_000_000L;
    private static final int GATES_MAX = 256;

    public ClientConfig {
        gates = List.copyOf(gates);
        if (gates.isEmpty() || gates.size() > GATES_MAX) {
            throw new IllegalArgumentException("a client needs 1 to " + GATES_MAX + " gates, got " + gates.size());
        }
        Bounds.name("a user's name", name);
        Bounds.name("a device's name", device);
        Bounds.bytes("a secret", secret, SessionLimits.SECRET_MAX);
        if (connectNanos < 1 || enterNanos < 1 || pingNanos < 1 || silenceNanos < 1 || steadyNanos < 0) {
            throw new IllegalArgumentException("times are positive, got connect="
                    + connectNanos + "ns enter=" + enterNanos + "ns ping=" + pingNanos + "ns silence=" + silenceNanos
                    + "ns steady=" + steadyNanos + "ns");
        }
    }

    /** The same for a visitor. */
    public ClientConfig visiting() {
        return new ClientConfig(
                gates,
                name,
                secret,
                device,
                bodies,
                backoff,
                connectNanos,
                enterNanos,
                pingNanos,
                silenceNanos,
                steadyNanos,
                true);
    }

    /** Back-off 100 ms to 10 s, 3 s to connect, 25 s to enter, PING after 5 s, given up 5 s later, steady after 5 s. */
    public static ClientConfig of(List<String> gates, String name, Bytes secret) {
        return new ClientConfig(
                gates,
                name,
                secret,
                "",
                ClientMessage.Bodies.RECORDS,
                new Backoff(SECOND / 10, 10 * SECOND),
                3 * SECOND,
                25 * SECOND,
                5 * SECOND,
                5 * SECOND,
                5 * SECOND,
                false);
    }
}
