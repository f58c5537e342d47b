package dev.berth.client;

import dev.berth.core.PublicApi;
import dev.berth.core.machine.Backoff;
import dev.berth.core.session.ClientConfig;
import dev.berth.core.session.ClientMessage;
import dev.berth.core.wire.Bytes;
import java.time.Duration;
import java.util.List;

/**
 * How patient a client is. Immutable; any thread.
 *
 * @param connect for a connection, and then for the gate's first word; doubles with each round of the list of gates, up to
 *     {@code enter}; shorter = a dead gate costs less, a slow network more
 * @param enter from there until the client is in; owners that are being replaced take seconds
 * @param ping of silence before the client asks for a sign of life, three times as long if for a minute nobody had anything else to
 *     say; from 20 s on the gate, which waits for 60 s, may give up
 * @param silence after that without a word from the gate before the next gate is tried
 * @param steady a connection that held for so long begins again with the shortest wait
 * @param shortestWait before the next gate; doubles with each failure
 * @param longestWait to which it doubles
 */
@PublicApi
public record ClientTimes(
        Duration connect,
        Duration enter,
        Duration ping,
        Duration silence,
        Duration steady,
        Duration shortestWait,
        Duration longestWait) {
    /** 3 s to connect, 25 s to enter, a ping after 5 s, given up 5 s later, steady after 5 s, waits of 100 ms to 10 s. */
    public static final ClientTimes DEFAULT = new ClientTimes(
            Duration.ofSeconds(3),
            Duration.ofSeconds(25),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Duration.ofSeconds(10));

    public ClientTimes {
        if (!connect.isPositive()
                || !enter.isPositive()
                || !ping.isPositive()
                || !silence.isPositive()
                || steady.isNegative()
                || !shortestWait.isPositive()
                || longestWait.compareTo(shortestWait) < 0) {
            throw new IllegalArgumentException("times are positive, longestWait not below shortestWait, got connect="
                    + connect + " enter=" + enter + " ping=" + ping + " silence=" + silence + " steady="
                    + steady + " shortestWait=" + shortestWait + " longestWait=" + longestWait);
        }
    }

    ClientConfig config(List<String> gates, String name, Bytes secret, String device, ClientMessage.Bodies bodies) {
        return new ClientConfig(
                gates,
                name,
                secret,
                device,
                bodies,
                new Backoff(shortestWait.toNanos(), longestWait.toNanos()),
                connect.toNanos(),
                enter.toNanos(),
                ping.toNanos(),
                silence.toNanos(),
                steady.toNanos(),
                false);
    }
}
