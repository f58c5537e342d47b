package dev.berth.core.session;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

// Only host and port travel: scheme and path stay those of the gate that says it. So nobody is sent from TLS to plain
// text, and a server that speaks in two ways needs no list of URLs.

/** Where a client goes that is sent on. Any thread. */
final class Handoff {
    private static final Pattern HOST_PORT =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9][A-Za-z0-9.-]*):([0-9]{1,5})");
    private static final int PORT_MAX = 65_535;

    private Handoff() {}

    /**
     * The address of a gate with another host and port.
     *
     * @param gate as the client's list has it
     * @return empty if the client was sent nowhere
     */
    static Optional<String> from(String gate, String to) {
        Matcher there = HOST_PORT.matcher(to);
        if (!there.matches() || port(there) < 1 || port(there) > PORT_MAX) {
            return Optional.empty();
        }
        int scheme = gate.indexOf("://");
        int host = scheme < 0 ? 0 : scheme + 3;
        int path = gate.indexOf('/', host);
        return Optional.of(gate.substring(0, host) + to + (path < 0 ? "" : gate.substring(path)));
    }

    private static int port(Matcher there) {
        return Integer.parseInt(there.group(2));
    }
}
