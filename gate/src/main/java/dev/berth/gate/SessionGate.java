package dev.berth.gate;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.session.Brake;
import dev.berth.core.session.End;
import dev.berth.core.session.GateLimits;
import dev.berth.core.session.Place;
import dev.berth.core.session.SocketEvent;
import dev.berth.core.session.Telling;
import dev.berth.core.wire.Bytes;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.session.GateOpener;
import dev.berth.node.session.Lobby;
import dev.berth.node.session.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

// A socket machine for each client, and no thread: what it asks of a session leaves on the loop, and its answer comes
// back on it. The gate doubts when what a session or the origin of a feed has told may have been lost: its slot has
// another owner, or the connection with its owner has ended. Nobody polls.

/** Where clients of an application with users connect: docs/client-protocol.md. Any thread. */
@PublicApi
public final class SessionGate implements GateOpener.Opened {
    /** Wrong tokens of one address: so many at once, then one a second. */
    private static final int TOKEN_TRIES = 30;

    private static final long TOKEN_NANOS = 1_000_000_000L;
    private static final int ADDRESSES_MAX = 100_000;

    /** For which who is one too many stays away. */
    private static final int FULL_MILLIS = 1_000;

    private final Lobby lobby;
    private final GateLimits limits;
    private final LoginDesk desk;
    /** Guarded by itself. */
    private final Brake tokens = new Brake(TOKEN_TRIES, TOKEN_NANOS, ADDRESSES_MAX);

    /** By the addresses of their clients. */
    private final Map<Long, Seat> seats = new ConcurrentHashMap<>();

    private final ProcessRef<Object> hub;
    /** Whose places its clients take; null for a gate that takes all it can. */
    private final @Nullable Server server;

    private @Nullable Gate gate;
    private @Nullable Doubts doubts;

    private SessionGate(Lobby lobby, GateLimits limits, @Nullable Server server) {
        this.lobby = lobby;
        this.server = server;
        this.limits = limits;
        this.desk = new LoginDesk(lobby);
        this.hub = lobby.node().processes().spawn(_ -> new Hub(new Audience()));
    }

    /**
     * Opens a gate at the lobby's node; it closes when the node is over. Waits until the node is listed.
     *
     * @param limits how patient it is with one client
     * @throws IOException when it cannot listen
     */
    public static SessionGate open(Lobby lobby, GateConfig config, GateLimits limits) throws IOException {
        return opened(new SessionGate(lobby, limits, null), config);
    }

    /** The same at a server: its clients take places there, and one too many is told NO_PLACE. */
    public static SessionGate open(Lobby lobby, GateConfig config, GateLimits limits, Server server)
            throws IOException {
        return opened(new SessionGate(lobby, limits, server), config);
    }

    private static SessionGate opened(SessionGate gate, GateConfig config) throws IOException {
        Lobby lobby = gate.lobby;
        var _ = lobby.node().processes();
        Rehearsal.play(lobby, gate.limits);
        // Before the first client is there, or what is lost to it could be missed here too.
        gate.doubts = Doubts.at(lobby.node(), gate::doubt);
        try {
            gate.gate = Gate.open(lobby.node(), config, new FrameFraming(), gate.new Door());
            return gate;
        } catch (IOException | RuntimeException failed) {
            gate.hearNoMore();
            throw failed;
        }
    }

    /** What clients do at the transport. */
    private final class Door implements Receiver {
        @Override
        public void connected(Client client) {
            Seat seat = new Seat(SessionGate.this, client);
            client.keep(seat);
            if (server == null || server.enter()) {
                seats.put(seat.address(), seat);
            } else {
                seat.feed(new SocketEvent.Ends(End.NO_PLACE, "this server is full", FULL_MILLIS));
            }
        }

        @Override
        public void packet(Client client, Bytes packet) {
            seat(client).packet(packet);
        }

        @Override
        public boolean sent(Client client, Bytes message) {
            // What is sent on the loop must not overtake what others have sent before.
            if (client.loop().inEventLoop() && client.isQuiet()) {
                return pushed(client, message);
            }
            return client.execute(message.length(), () -> {
                var _ = pushed(client, message);
            });
        }

        private boolean pushed(Client client, Bytes message) {
            if (client.kept() instanceof Seat seat) {
                seat.pushed(message);
                return true;
            }
            return false;
        }

        @Override
        public void missed(Client client) {
            if (client.kept() instanceof Seat seat) {
                doubt(seat);
            }
        }

        @Override
        public void closed(Client client, String cause) {
            Seat seat = seat(client);
            if (seats.remove(seat.address()) != null && server != null) {
                server.leave();
            }
            seat.ended();
        }
    }

    /** What feeds tell its clients. */
    private final class Audience implements Hub.Hearers {
        @Override
        public void told(Telling telling, Place place) {
            Seat seat = seats.get(place.gate());
            if (seat == null || !seat.tell(telling, place.feed())) {
                lobby.unheard(telling.origin(), new Place(place.gate(), 0));
            }
        }

        @Override
        public void missed() {
            doubt(_ -> true);
        }
    }

    private static Seat seat(Client client) {
        return (Seat) Objects.requireNonNull(client.kept(), "a client without a seat");
    }

    // ---- Doubt

    private void doubt(Predicate<SlotId> which) {
        for (Seat seat : seats.values()) {
            if (seat.isConcerned(which)) {
                doubt(seat);
            }
        }
    }

    private static void doubt(Seat seat) {
        seat.doubt(Doubts.inMillis());
    }

    // ---- For its seats

    long hub() {
        return hub.address().value();
    }

    Lobby lobby() {
        return lobby;
    }

    GateLimits limits() {
        return limits;
    }

    LoginDesk desk() {
        return desk;
    }

    /** How long this address must wait before a token of it is looked at; 0 if it need not. */
    long tokenWaitMillis(InetAddress from) {
        synchronized (tokens) {
            return TimeUnit.NANOSECONDS.toMillis(tokens.waitNanos(System.nanoTime(), key(from)) + 999_999);
        }
    }

    void wrongToken(InetAddress from) {
        synchronized (tokens) {
            tokens.takeNanos(System.nanoTime(), key(from));
        }
    }

    private static String key(InetAddress from) {
        return Network.of(from).getHostAddress();
    }

    static Bytes sha256(Bytes token) {
        try {
            return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(token.toArray()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    // ---- For its owner

    @Override
    public List<InetSocketAddress> addresses() {
        return transport().addresses();
    }

    /** Clients that are connected. */
    public int count() {
        return transport().count();
    }

    private Gate transport() {
        return Objects.requireNonNull(gate, "opened");
    }

    private void hearNoMore() {
        if (doubts != null) {
            doubts.close();
        }
    }

    /** Sends its clients elsewhere and closes. Not on an event loop. */
    @Override
    public void close() {
        hearNoMore();
        if (server != null) {
            server.close();
        }
        seats.values().forEach(seat -> seat.later(new SocketEvent.Ends(End.ELSEWHERE, "this gate closes", 0)));
        transport().close();
        lobby.node().processes().stop(hub, "the gate is closed");
    }
}
