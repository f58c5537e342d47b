package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HexFormat;

/** A client's socket, frame by frame as hex. One thread. */
final class Wired implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    Wired(InetSocketAddress at) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(at);
        in = new DataInputStream(socket.getInputStream());
    }

    /** A frame with its length; blanks mean nothing. */
    void says(String hex) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** The next frame, with its length. */
    String hears() throws IOException {
        int length = in.readUnsignedShort();
        byte[] body = in.readNBytes(length);
        return "%04x".formatted(length) + HexFormat.of().formatHex(body);
    }

    void hears(String... frames) throws IOException {
        for (String frame : frames) {
            assertThat(hears()).isEqualTo(frame.replace(" ", ""));
        }
    }

    /** A frame of this type, whatever is in it: a chat has free wording. */
    void hearsChat(String seq) throws IOException {
        assertThat(hears().substring(4)).matches("17[0-9a-f]{8}00000000" + seq + ".*");
    }

    void isClosed() throws IOException {
        assertThat(in.read()).isEqualTo(-1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
