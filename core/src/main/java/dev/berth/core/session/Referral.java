package dev.berth.core.session;

import java.util.Optional;
import java.util.function.IntPredicate;

// Only host and port travel: scheme and path stay those of the gate that says it. So nobody is sent from TLS to plain
// text, and a server that speaks in two ways needs no list of URLs.

/** Where a client goes that is sent on. Any thread. */
final class Referral {
    private static final int DIGITS_MAX = 5;
    private static final int PORT_MAX = 65_535;

    private Referral() {}

    /**
     * The address of a gate with another host and port.
     *
     * @param gate as the client's list has it
     * @return empty if the client was sent nowhere
     */
    static Optional<String> from(String gate, String to) {
        int colon = to.lastIndexOf(':');
        if (colon < 1 || !isHost(to.substring(0, colon)) || !isPort(to.substring(colon + 1))) {
            return Optional.empty();
        }
        int scheme = gate.indexOf("://");
        int host = scheme < 0 ? 0 : scheme + 3;
        int path = gate.indexOf('/', host);
        return Optional.of(gate.substring(0, host) + to + (path < 0 ? "" : gate.substring(path)));
    }

    /** A name, an IPv4 address, or an IPv6 address in brackets. */
    private static boolean isHost(String host) {
        if (host.startsWith("[") && host.endsWith("]")) {
            return host.length() > 2
                    && consists(host.substring(1, host.length() - 1), c -> isHex(c) || c == ':' || c == '.');
        }
        return isLetterOrDigit(host.charAt(0)) && consists(host, c -> isLetterOrDigit(c) || c == '.' || c == '-');
    }

    private static boolean isPort(String digits) {
        if (digits.isEmpty() || digits.length() > DIGITS_MAX || !consists(digits, Referral::isDigit)) {
            return false;
        }
        int port = Integer.parseInt(digits);
        return port >= 1 && port <= PORT_MAX;
    }

    private static boolean consists(String text, IntPredicate of) {
        return text.chars().allMatch(of);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isHex(int c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private static boolean isLetterOrDigit(int c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
