package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.PacketException;
import dev.berth.poker.wire.Packets;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

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

    void says(Packet packet) throws IOException {
        byte[] body = Packets.encode(packet).toArray();
        byte[] frame = new byte[body.length + 2];
        frame[0] = (byte) (body.length >> 8);
        frame[1] = (byte) body.length;
        System.arraycopy(body, 0, frame, 2, body.length);
        socket.getOutputStream().write(frame);
    }

    Packet.Notice next() throws IOException {
        byte[] body = in.readNBytes(in.readUnsignedShort());
        try {
            return Packets.notice(Bytes.wrap(body));
        } catch (PacketException malformed) {
            throw new IOException(malformed);
        }
    }

    /** The next of this kind; what comes before it is left out. */
    <P extends Packet.Notice> P next(Class<P> kind) throws IOException {
        // A table says something every now and then, also if this never comes.
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        Packet.Notice next = next();
        while (!kind.isInstance(next)) {
            assertThat(System.nanoTime())
                    .as("the next %s", kind.getSimpleName())
                    .isLessThan(until);
            next = next();
        }
        return kind.cast(next);
    }

    /** All up to what answers a PING that is said now. */
    List<Packet.Notice> untilNow() throws IOException {
        says(new Packet.Ping());
        List<Packet.Notice> all = new ArrayList<>();
        for (Packet.Notice next = next(); !(next instanceof Packet.Pong); next = next()) {
            all.add(next);
        }
        return all;
    }

    /** A frame of this type, whatever is in it: a chat has free wording. */
    void hearsChat(String seq) throws IOException {
        assertThat(hears().substring(4)).matches("17[0-9a-f]{8}00000000" + seq + ".*");
    }

    /** Without another word; how does not matter: a server that has not read all resets the connection. */
    void isClosed() throws IOException {
        int next = -1;
        try {
            next = in.read();
        } catch (SocketException reset) {
            // It is closed.
        }
        assertThat(next).isEqualTo(-1);
    }

    /** So many bytes, all at once. */
    void says(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
