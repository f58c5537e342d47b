package dev.berth.gate;

import dev.berth.core.session.ClientMessage.Bodies;
import dev.berth.core.session.ClientMessage.Enter;
import dev.berth.core.session.ClientMessage.Found;
import dev.berth.core.session.ClientMessage.Gone;
import dev.berth.core.session.ClientMessage.Greeting;
import dev.berth.core.session.ClientMessage.Hello;
import dev.berth.core.session.ClientMessage.Login;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.session.ClientMessage.Welcome;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.WireException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A connection with a session gate, frame by frame, at whatever place and with whatever bytes. One thread. */
final class Talk implements AutoCloseable {
    private final Socket socket = new Socket();
    private final FrameReader<ToClient> reader = new FrameReader<>(
            ClientProtocol.CLIENT, ClientProtocol.ID, ClientProtocol.VERSIONS, ClientProtocol.TO_CLIENT);
    private final ArrayDeque<ToClient> heard = new ArrayDeque<>();
    private final byte[] piece = new byte[4_096];

    Talk(SessionGate gate) throws IOException {
        socket.connect(gate.addresses().getFirst(), 60_000);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
    }

    static byte[] frame(ToGate message) {
        return new FrameWriter<>(
                        ClientProtocol.GATE, ClientProtocol.ID, ClientProtocol.VERSIONS.max(), ClientProtocol.TO_GATE)
                .frame(message);
    }

    Talk say(ToGate message) throws IOException {
        return raw(frame(message));
    }

    Talk raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    Talk sayNoMore() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    Talk greeted() throws Exception {
        var _ = say(new Hello(1, 1, Bodies.RECORDS)).hears(Greeting.class);
        return this;
    }

    Talk found(String name) throws Exception {
        var _ = greeted().say(new Login(name, Bytes.utf8("sesame"), "")).hears(Found.class);
        return this;
    }

    Welcome enters(String name) throws Exception {
        return found(name).say(new Enter()).hears(Welcome.class);
    }

    /** What comes next; null at the end. */
    @Nullable
    ToClient next() throws WireException {
        try {
            while (heard.isEmpty()) {
                int got = socket.getInputStream().read(piece);
                if (got < 0) {
                    return null;
                }
                reader.read(piece, 0, got, heard::add);
            }
        } catch (SocketTimeoutException late) {
            throw new AssertionError("nothing was heard for a minute", late);
        } catch (IOException reset) {
            return null;
        }
        return heard.poll();
    }

    /** The next one of this type, whatever comes before; the end may not. */
    <T extends ToClient> T hears(Class<T> type) throws WireException {
        ToClient next = next();
        while (!type.isInstance(next)) {
            if (next == null || next instanceof Gone) {
                throw new AssertionError("no " + type.getSimpleName() + " but " + next);
            }
            next = next();
        }
        return type.cast(next);
    }

    /** Why it ends; and it does. */
    Gone gone() throws WireException {
        Gone gone = hears(Gone.class);
        ToClient more = next();
        if (more != null) {
            throw new AssertionError("after GONE comes " + more);
        }
        return gone;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
