package dev.berth.poker.bot;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Command;
import dev.berth.poker.wire.Packet.Notice;
import dev.berth.poker.wire.PacketException;
import dev.berth.poker.wire.Packets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

// Bytes of a packet that is not whole yet stay in the buffer, so that a reader who runs out of patience in the middle
// of one can go on later.

/** A client's connection. One thread hears and says; any thread may close it. */
public final class Cable implements AutoCloseable {
    static final Duration CONNECT = Duration.ofSeconds(15);
    static final Duration ANSWER = Duration.ofSeconds(12);

    /** The system chooses from which address. */
    static final InetAddress ANYWHERE = new InetSocketAddress(0).getAddress();

    private static final int HEAD = 2;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[HEAD + Packets.NOTICE_MAX];
    private int size;

    private Cable(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    static Cable connect(InetSocketAddress to) throws IOException {
        return connect(ANYWHERE, to);
    }

    /** From this address of the machine: a crowd at one machine has several, since a gate bounds what one address may have. */
    public static Cable connect(InetAddress from, InetSocketAddress to) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            if (!from.isAnyLocalAddress()) {
                socket.bind(new InetSocketAddress(from, 0));
            }
            socket.connect(to, (int) CONNECT.toMillis());
            return new Cable(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Asks a gateway for a server, and connects there. */
    static Cable through(InetSocketAddress gateway) throws IOException, Complaint {
        return through(gateway, ANYWHERE);
    }

    /** The same from an address of its own. */
    static Cable through(InetSocketAddress gateway, InetAddress from) throws IOException, Complaint {
        return connect(from, server(from, gateway));
    }

    /** Where a gateway sends this client. */
    public static InetSocketAddress server(InetAddress from, InetSocketAddress gateway) throws IOException, Complaint {
        try (Cable cable = connect(from, gateway)) {
            cable.patience(ANSWER);
            return switch (cable.hear()) {
                case Packet.Handoff handoff -> new InetSocketAddress(handoff.host(), handoff.port());
                case null -> throw new IOException("the gateway " + gateway + " knows no server with room");
                case Notice other -> throw new Complaint("the gateway " + gateway + " said " + other);
            };
        }
    }

    /** For how long {@link #hear} waits before it throws a SocketTimeoutException. */
    public void patience(Duration patience) throws IOException {
        socket.setSoTimeout((int) Math.max(1, patience.toMillis()));
    }

    public void say(Command... commands) throws IOException {
        say(List.of(commands));
    }

    /** All of it in one write. */
    void say(List<Command> commands) throws IOException {
        List<Bytes> bodies = commands.stream().map(Packets::encode).toList();
        ByteBuffer all = ByteBuffer.allocate(
                bodies.stream().mapToInt(body -> HEAD + body.length()).sum());
        for (Bytes body : bodies) {
            all.putShort((short) body.length());
            body.copyTo(all.array(), all.position());
            all.position(all.position() + body.length());
        }
        out.write(all.array());
    }

    /** The next packet of a type that clients know, or null at the end. */
    public @Nullable Notice hear() throws IOException, Complaint {
        while (true) {
            Bytes body = body();
            if (body == null) {
                return null;
            }
            if (Packets.isKnown(body)) {
                return decoded(body);
            }
        }
    }

    private static Notice decoded(Bytes body) throws Complaint {
        try {
            return Packets.notice(body);
        } catch (PacketException e) {
            throw new Complaint(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Bytes body() throws IOException, Complaint {
        while (size < HEAD || size < HEAD + length()) {
            int count = in.read(buffer, size, buffer.length - size);
            if (count < 0) {
                return null;
            }
            size += count;
        }
        int end = HEAD + length();
        Bytes body = Bytes.wrap(Arrays.copyOfRange(buffer, HEAD, end));
        size -= end;
        System.arraycopy(buffer, end, buffer, 0, size);
        return body;
    }

    private int length() throws Complaint {
        int length = (buffer[0] & 0xff) << 8 | (buffer[1] & 0xff);
        if (length > Packets.NOTICE_MAX) {
            throw new Complaint("a packet of %d bytes, clients read %d".formatted(length, Packets.NOTICE_MAX));
        }
        return length;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
