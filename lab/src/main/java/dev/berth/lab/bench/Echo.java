package dev.berth.lab.bench;

import dev.berth.lab.bench.Samples.Figures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** One way to send 64 bytes and get them back. */
interface Echo extends AutoCloseable {
    int SIZE = 64;
    InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /** Starts to answer; the port. */
    int serve() throws IOException;

    /** Sends to a port, with so many messages under way at a time. */
    Figures measure(int port, int window) throws IOException;

    @Override
    void close() throws IOException;

    static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
