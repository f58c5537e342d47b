package dev.berth.gate;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Bytes;
import dev.berth.node.link.Loops;
import dev.berth.node.link.QuietLog;
import dev.berth.node.process.Processes;
import dev.berth.node.worker.Node;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// Clients' sockets lie on the same event loops as the node's links (S4.8), if nothing else is wished: what a client
// says goes from its socket to the link on one thread, and so does the answer. The gate knows nothing of sessions; it
// keeps sockets, and bounds for them.

/** Where clients connect. Any thread. */
@PublicApi
public final class Gate implements AutoCloseable {
    private static final long CLOSE_MILLIS = 5_000;
    private static final int BUGS_SHOWN = 20;
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final Processes processes;
    private final GateConfig config;
    private final Framing framing;
    private final Receiver receiver;
    private final Turnstile turnstile;
    private final Tallies tallies = new Tallies();
    private final QuietLog quiet = new QuietLog(LOG);
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, Client> clients = new ConcurrentHashMap<>();
    private final Map<EventLoop, Passes> passes = new LinkedHashMap<>();
    private final List<Channel> ports = new ArrayList<>();
    /** Null if it shares others'. */
    private final @Nullable Loops own;

    private final Loops loops;
    private volatile boolean closed;

    private Gate(Loops shared, Processes processes, GateConfig config, Framing framing, Receiver receiver) {
        this.processes = processes;
        this.config = config;
        this.framing = framing;
        this.receiver = receiver;
        this.turnstile = new Turnstile(config.limits(), System.nanoTime());
        this.own = config.loops() == 0 ? null : Loops.start(config.loops());
        this.loops = own == null ? shared : own;
        loops.all().forEach(loop -> passes.put(loop, new Passes(loop)));
    }

    /**
     * Opens a gate at a node; it closes when the node is over. Waits until the node is listed.
     *
     * @throws IOException when it cannot listen, or cannot read what TLS needs
     */
    public static Gate open(Node node, GateConfig config, Framing framing, Receiver receiver) throws IOException {
        Gate gate = open(node.loops(), node.processes(), config, framing, receiver);
        node.measured(gate::measure);
        var _ = node.ended().thenAccept(cause -> {
            gate.shut("the node of this gate is over: " + cause);
            Thread.startVirtualThread(gate::close);
        });
        return gate;
    }

    /** Opens one for processes without a cluster, on these loops, which outlive it, or on its own. */
    public static Gate open(Loops loops, Processes processes, GateConfig config, Framing framing, Receiver receiver)
            throws IOException {
        Gate gate = new Gate(loops, processes, config, framing, receiver);
        try {
            for (Port port : config.ports()) {
                gate.listen(port);
            }
        } catch (IOException | RuntimeException failed) {
            gate.close();
            throw failed;
        }
        return gate;
    }

    private void listen(Port port) throws IOException {
        ChannelFuture bound = loops.server()
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                // Who has closed its socket takes no answers; what it has said before is read all the same.
                .childOption(ChannelOption.AUTO_CLOSE, false)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(GateLimits.LOW_WATER, GateLimits.HIGH_WATER))
                .childHandler(new Entrance(this, port, config.networks()))
                .bind(port.address())
                .awaitUninterruptibly();
        Throwable failure = bound.cause();
        if (failure != null) {
            throw new IOException(
                    "cannot listen on " + port.address() + " for clients: " + failure.getMessage()
                            + "; is the port in use?",
                    failure);
        }
        ports.add(bound.channel());
        LOG.info("gate: {} at {}", port.kind(), bound.channel().localAddress());
    }

    /** Where it listens, in the order of the configured ports. */
    public List<InetSocketAddress> addresses() {
        return ports.stream()
                .map(port -> (InetSocketAddress) port.localAddress())
                .toList();
    }

    /** Clients that are connected, handshakes included. */
    public int count() {
        return turnstile.inside();
    }

    /**
     * Sends the same packet to each of these clients of this gate: it is encoded once, and the clients' sockets share the
     * bytes.
     */
    public void send(Collection<Client> some, Bytes packet) {
        Map<EventLoop, List<Client>> byLoop = new LinkedHashMap<>();
        for (Client client : some) {
            if (!client.isOver()) {
                byLoop.computeIfAbsent(client.loop(), _ -> new ArrayList<>()).add(client);
            }
        }
        Broadcast broadcast = new Broadcast(packet);
        try {
            byLoop.forEach((loop, there) -> {
                if (loop.inEventLoop()) {
                    broadcast.to(there);
                } else {
                    there.forEach(client -> broadcast.later(client));
                }
            });
        } finally {
            broadcast.release();
        }
    }

    /** One packet to many: its forms, each made when it is first wanted. */
    private final class Broadcast {
        private final Bytes packet;
        private final Map<Port.Kind, ByteBuf> forms = new EnumMap<>(Port.Kind.class);

        Broadcast(Bytes packet) {
            this.packet = packet;
        }

        private ByteBuf form(Port port) {
            return forms.computeIfAbsent(port.kind(), _ -> encode(port, packet)).retainedDuplicate();
        }

        void to(List<Client> clients) {
            for (Client client : clients) {
                if (client.isQuiet()) {
                    client.write(form(client.port()), packet.length());
                } else {
                    later(client);
                }
            }
        }

        void later(Client client) {
            ByteBuf form = form(client.port());
            if (!client.execute(form.readableBytes(), () -> client.write(form, packet.length()))) {
                form.release();
            }
        }

        void release() {
            forms.values().forEach(ByteBuf::release);
        }
    }

    /** Registers its meters, or once more the same. */
    public void measure(MeterRegistry meters) {
        tallies.measure(meters, turnstile);
    }

    /** A packet as it goes to clients of a port; a direct buffer, so that a socket takes it as it is. */
    ByteBuf encode(Port port, Bytes packet) {
        return encode(port, List.of(packet));
    }

    /** Several in a row. */
    ByteBuf encode(Port port, List<Bytes> packets) {
        int overhead = port.speaksHttp() ? Buffers.FRAME_OVERHEAD : framing.overhead();
        int room = 0;
        for (Bytes packet : packets) {
            room += overhead + packet.length();
        }
        ByteBuf framed = PooledByteBufAllocator.DEFAULT.directBuffer(room);
        try {
            for (Bytes packet : packets) {
                encode(port, packet, framed);
            }
            return framed;
        } catch (RuntimeException cannot) {
            framed.release();
            throw cannot;
        }
    }

    private void encode(Port port, Bytes packet, ByteBuf out) {
        int length = packet.length();
        if (port.speaksHttp()) {
            Buffers.head(port.kind() == Port.Kind.WEB_SOCKET ? Buffers.BINARY : Buffers.TEXT, length, out);
            Buffers.write(packet, out);
        } else if (length > framing.packetMax()) {
            throw new IllegalArgumentException("a packet of " + length + " bytes, at most " + framing.packetMax());
        } else {
            framing.encode(packet, out);
        }
    }

    // ---- For its clients

    Client client(Port port, Channel channel, InetSocketAddress from) {
        Passes its = passes.get(channel.eventLoop());
        if (its == null) {
            throw new IllegalStateException("a client on an event loop that is not the gate's");
        }
        return new Client(this, port, channel, its, numbers.incrementAndGet(), from);
    }

    /** Counts it in; false if it is refused. */
    boolean enter(Client client) {
        tallies.connects.increment();
        Refusal refusal = turnstile.enter(System.nanoTime());
        if (refusal != null) {
            client.refuse(
                    refusal,
                    refusal == Refusal.GATE_FULL
                            ? limits().clients() + " clients are here"
                            : limits().connectsPerSecond() + " have connected within this second");
            return false;
        }
        clients.put(client.number(), client);
        if (closed) {
            client.close("the gate is closed");
        }
        return true;
    }

    void left(Client client) {
        if (clients.remove(client.number()) != null) {
            turnstile.leave(client.settled());
        }
    }

    void refused(Client client, Refusal refusal, String why) {
        tallies.refused(refusal);
        quiet.warn(client + " refused: " + refusal.word() + ", " + why);
    }

    /** Something that no client should be able to bring about. */
    void bug(Client client, Throwable thrown) {
        if (tallies.of(Refusal.BUG).sum() < BUGS_SHOWN) {
            LOG.error("{} is closed by a bug", client, thrown);
        }
    }

    GateLimits limits() {
        return config.limits();
    }

    Framing framing() {
        return framing;
    }

    Receiver receiver() {
        return receiver;
    }

    Processes processes() {
        return processes;
    }

    Turnstile turnstile() {
        return turnstile;
    }

    Tallies tallies() {
        return tallies;
    }

    // ---- Its end

    private List<ChannelFuture> shut(String cause) {
        closed = true;
        List<ChannelFuture> steps = new ArrayList<>();
        ports.forEach(port -> steps.add(port.close()));
        clients.values().forEach(client -> {
            client.close(cause);
            steps.add(client.channel().closeFuture());
        });
        return steps;
    }

    /** Listens no more and closes every client, behind what was sent to it. Not on an event loop. */
    @Override
    public void close() {
        Loops.requireMayBlock("Gate.close");
        long until = System.nanoTime() + CLOSE_MILLIS * 1_000_000;
        for (ChannelFuture step : shut("the gate is closed")) {
            step.awaitUninterruptibly(Math.max(1, (until - System.nanoTime()) / 1_000_000));
        }
        clients.values().forEach(client -> client.channel().close().awaitUninterruptibly(1));
        if (own != null) {
            own.close();
        }
    }
}
