package dev.berth.client;

import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.session.End;
import dev.berth.core.session.GateLimits;
import dev.berth.core.session.GateSocket;
import dev.berth.core.session.SocketAction;
import dev.berth.core.session.SocketEvent;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.WireException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A gate of the town, with real sockets, that can be killed. The secret of everybody is "sesame". */
final class Pier implements AutoCloseable {
    private final Town town;
    private final boolean isWeb;
    private final @Nullable SSLContext tls;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final Thread accepting;
    private volatile boolean isSilent;

    private Pier(Town town, boolean isWeb, @Nullable SSLContext tls, int port) throws IOException {
        this.town = town;
        this.isWeb = isWeb;
        this.tls = tls;
        this.server =
                tls == null ? new ServerSocket() : tls.getServerSocketFactory().createServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        accepting = Thread.ofVirtual().start(this::accept);
    }

    static Pier tcp(Town town) throws IOException {
        return new Pier(town, false, null, 0);
    }

    static Pier web(Town town) throws IOException {
        return new Pier(town, true, null, 0);
    }

    static Pier tls(Town town, boolean isWeb, SSLContext tls) throws IOException {
        return new Pier(town, isWeb, tls, 0);
    }

    /** In the place of one that was killed. */
    Pier again() throws IOException, InterruptedException {
        accepting.join(); // until then the port is taken
        return new Pier(town, isWeb, tls, server.getLocalPort());
    }

    String address() {
        return address(InetAddress.getLoopbackAddress().getHostAddress());
    }

    String address(String host) {
        String scheme = isWeb ? (tls == null ? "ws" : "wss") : (tls == null ? "tcp" : "tls");
        return URI.create(scheme + "://" + host + ":" + server.getLocalPort() + "/")
                .toString();
    }

    /** How many have connected so far. */
    int accepted() {
        return accepted.get();
    }

    int connected() {
        return sockets.size();
    }

    boolean isDead() {
        return server.isClosed();
    }

    /** From now on nobody hears anything. */
    void fallSilent() {
        isSilent = true;
    }

    void speak() {
        isSilent = false;
    }

    private void accept() {
        try {
            while (true) {
                java.net.Socket bare = server.accept();
                accepted.incrementAndGet();
                Socket socket = new Socket(bare);
                sockets.add(socket);
                Thread.ofVirtual().start(socket::read);
            }
        } catch (IOException _) {
            // Killed.
        }
    }

    /** At once, and what was on its way is lost. */
    void kill() {
        try {
            server.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        sockets.forEach(Socket::reset);
    }

    /** When nobody can connect any more: as long as somebody accepts, the system does too. */
    @Override
    public void close() {
        kill();
        try {
            accepting.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** One client's connection. */
    final class Socket {
        private final java.net.Socket bare;
        private final ReentrantLock lock = new ReentrantLock();
        private final Queue<SocketEvent> events = new ConcurrentLinkedQueue<>();
        private final GateSocket machine;
        private final long address;
        private final FrameWriter<ToClient> writer =
                new FrameWriter<>(ClientProtocol.CLIENT, ClientProtocol.ID, 1, ClientProtocol.TO_CLIENT);
        private WebPackets packets = WebPackets.NONE;

        Socket(java.net.Socket bare) {
            this.bare = bare;
            address = town.enter(this);
            machine = new GateSocket(GateLimits.DEFAULT, address, Pier::hash, System.nanoTime());
        }

        Pier pier() {
            return Pier.this;
        }

        long address() {
            return address;
        }

        private void read() {
            FrameReader<ToGate> reader = new FrameReader<>(
                    ClientProtocol.GATE, ClientProtocol.ID, ClientProtocol.VERSIONS, ClientProtocol.TO_GATE);
            try (bare) {
                if (isWeb) {
                    packets = WebPackets.accept(bare);
                }
                byte[] piece = packets.read(bare);
                while (piece.length > 0) {
                    reader.read(piece, 0, piece.length, message -> on(new SocketEvent.Heard(message)));
                    piece = packets.read(bare);
                }
            } catch (IOException _) {
                // Gone.
            } catch (WireException e) {
                on(new SocketEvent.Unreadable(String.valueOf(e.getMessage())));
            }
            if (!machine.isOver()) {
                on(new SocketEvent.Broken());
            }
            sockets.remove(this);
            town.leave(address);
        }

        /** From within the town, which holds its own lock. */
        void later(SocketEvent event) {
            events.add(event);
            Thread.ofVirtual().start(this::work);
        }

        private void on(SocketEvent event) {
            events.add(event);
            work();
        }

        private void work() {
            lock.lock();
            try {
                for (SocketEvent event = events.poll(); event != null; event = events.poll()) {
                    List<SocketAction> actions = new ArrayList<>();
                    machine.on(System.nanoTime(), event, actions::add);
                    actions.forEach(this::act);
                }
            } finally {
                lock.unlock();
            }
        }

        private void act(SocketAction action) {
            switch (action) {
                case SocketAction.Send(ToClient message) -> send(writer.frame(message));
                case SocketAction.Close() -> end();
                case SocketAction.Authenticate(String name, Bytes secret, String _) ->
                    events.add(
                            secret.utf8().equals("sesame")
                                    ? new SocketEvent.Known(
                                            name,
                                            ThreadLocalRandom.current().nextLong(),
                                            Bytes.utf8(Long.toHexString(
                                                    ThreadLocalRandom.current().nextLong())))
                                    : new SocketEvent.Denied(End.DENIED, "name or secret are wrong", 0));
                case SocketAction.Visit visit ->
                    events.add(new SocketEvent.Failed(visit.call(), "there is nothing for visitors here"));
                case SocketAction.Call call -> town.call(this, call);
                case SocketAction.ReadAt read -> town.read(this, read);
            }
        }

        private void send(byte[] frame) {
            if (isSilent) {
                return;
            }
            try {
                packets.write(bare, frame);
            } catch (IOException _) {
                // The reader notices.
            }
        }

        private void end() {
            try {
                bare.shutdownOutput();
            } catch (IOException _) {
                // It is gone already.
            }
        }

        private void reset() {
            try {
                bare.setSoLinger(true, 0);
                bare.close();
            } catch (IOException _) {
                // It is gone already.
            }
        }
    }

    private static Bytes hash(Bytes token) {
        try {
            return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(token.toArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
