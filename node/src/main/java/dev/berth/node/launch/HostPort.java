package dev.berth.node.launch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Optional;

/** Where somebody listens. Any thread. */
public record HostPort(String host, int port) {
    static final String LOOPBACK = "127.0.0.1";
    /** Any port of the loopback address. */
    public static final HostPort ANY = new HostPort(LOOPBACK, 0);

    private static final int PORT_MAX = 65_535;

    /** From {@code HOST:PORT}; an IPv6 address stands in brackets. */
    public static Optional<HostPort> parse(String text, int leastPort) {
        int colon = text.lastIndexOf(':');
        var host = colon < 0 ? "" : text.substring(0, colon);
        var digits = text.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty() || (host.contains(":") && !bracketed) || !digits.matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(digits);
        return port < leastPort || port > PORT_MAX
                ? Optional.empty()
                : Optional.of(new HostPort(bracketed ? host.substring(1, host.length() - 1) : host, port));
    }

    /** What to say about an option that is none. */
    public static String wanted(String option, String got) {
        return option + " needs HOST:PORT, e.g. 127.0.0.1:7401, got '" + got + "'";
    }

    public static HostPort of(InetSocketAddress address) {
        return new HostPort(address.getHostString(), address.getPort());
    }

    /** Looked up now. */
    public InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    /** Whether the host is this machine. */
    boolean isHere() throws IOException {
        var address = InetAddress.getByName(host);
        return address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || NetworkInterface.getByInetAddress(address) != null;
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
