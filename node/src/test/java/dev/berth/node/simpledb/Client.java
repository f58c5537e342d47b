package dev.berth.node.simpledb;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Somebody with a socket, as with telnet. One thread. */
final class Client implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Client(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The answer to a line; null when the other side has closed. */
    String says(String line) throws IOException {
        return says((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    String says(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return in.readLine();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
