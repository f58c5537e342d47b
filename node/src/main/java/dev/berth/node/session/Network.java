package dev.berth.node.session;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Whose an address is: one of IPv4 is its own, and whoever has one of IPv6 has a /64 network of them. Any thread. */
public final class Network {
    private static final int IPV4_BYTES = 4;
    private static final int PREFIX_BYTES = 8;

    private Network() {}

    public static InetAddress of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == IPV4_BYTES) {
            return address;
        }
        Arrays.fill(bytes, PREFIX_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
