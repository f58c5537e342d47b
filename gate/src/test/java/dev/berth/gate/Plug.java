package dev.berth.gate;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client by hand: a raw socket that says what it likes. One thread. */
final class Plug implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    Plug(InetSocketAddress address) throws IOException {
        this(connect(new Socket(), address));
    }

    Plug(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    private static Socket connect(Socket socket, InetSocketAddress address) throws IOException {
        socket.connect(address, 60_000);
        return socket;
    }

    Plug raw(byte... bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    Plug text(String text) throws IOException {
        return raw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** With four bytes of length. */
    Plug packet(String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return raw(ByteBuffer.allocate(4 + body.length)
                .putInt(body.length)
                .put(body)
                .array());
    }

    /** The next packet with four bytes of length. */
    String answer() throws IOException {
        return new String(exactly(in.readInt()), StandardCharsets.UTF_8);
    }

    byte[] exactly(int bytes) throws IOException {
        byte[] read = new byte[bytes];
        in.readFully(read);
        return read;
    }

    /** Up to its end, however that comes. */
    String toTheEnd() {
        StringBuilder all = new StringBuilder();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                all.append((char) next);
            }
        } catch (IOException reset) {
            if (reset instanceof java.net.SocketTimeoutException) {
                throw new AssertionError("not closed for a minute", reset);
            }
        }
        return all.toString();
    }

    int localPort() {
        return socket.getLocalPort();
    }

    /** In the middle of something. */
    void hangUp() throws IOException {
        close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
