package dev.berth.poker.server;

import dev.berth.core.call.Address;
import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.gateway.Way;
import dev.berth.core.wire.Bytes;
import dev.berth.gate.Client;
import dev.berth.gate.Ears;
import dev.berth.gate.Framing;
import dev.berth.gate.Gate;
import dev.berth.gate.GateConfig;
import dev.berth.gate.GateLimits;
import dev.berth.gate.Port;
import dev.berth.gate.Receiver;
import dev.berth.gate.Server;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.Requests;
import dev.berth.node.launch.HostPort;
import dev.berth.node.process.ProcessBusyException;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Raw;
import dev.berth.node.process.Self;
import dev.berth.node.session.Lobby;
import dev.berth.node.worker.Node;
import dev.berth.poker.OpenTable;
import dev.berth.poker.OpenTable.Heard;
import dev.berth.poker.Player;
import dev.berth.poker.Player.TakenOver;
import dev.berth.poker.wire.Packets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where clients of OpenPoker connect, as of 2008: a gate at a node, and the place of a server that gateways send to. Any thread. */
public final class PokerServer implements AutoCloseable {
    private static final TakenOver CLOSED = new TakenOver(0, 0, 0);

    private static final Logger LOG = LoggerFactory.getLogger(PokerServer.class);

    private final Node node;
    private final Entities app;
    private final Lobby lobby;
    private final NewGames newGames;
    private final Ears ears;
    private final Server places;
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("poker-", 0).factory());
    private final Gate gate;
    private final ProcessRef<TakenOver> sessions;
    private final Requests requests;
    private final NearbyGames games = new NearbyGames(this);
    /** What was read last. */
    private volatile @Nullable Saying last;
    /** Who was dealt what: asked once for all who want to know it at a time. */
    private final Map<Dealt, CompletableFuture<List<OpenTable.Hand>>> dealt = new ConcurrentHashMap<>();

    private record Dealt(long game, long position) {}

    /**
     * Which games clients may open.
     *
     * @param known with known cards (packet 252)
     * @param players of their own (NEW_GAME_REQ)
     * @param emptyMillis such a game is gone when for so long, at most twice that, nobody has sat there or heard it
     */
    public record NewGames(boolean known, boolean players, int emptyMillis) {
        private static final int EMPTY_MILLIS = 180_000;

        public NewGames {
            if (emptyMillis < 1) {
                throw new IllegalArgumentException("a game is empty for 1 ms at least, got " + emptyMillis);
            }
        }

        public static NewGames of(boolean known, boolean players) {
            return new NewGames(known, players, EMPTY_MILLIS);
        }
    }

    private PokerServer(Node node, Lobby lobby, Entities app, InetSocketAddress at, NewGames newGames)
            throws IOException {
        this.node = node;
        this.app = app;
        this.lobby = lobby;
        this.newGames = newGames;
        this.requests = new Requests(app, node);
        this.ears = Ears.at(node, app);
        this.places = Server.at(node, app.service());
        GateLimits limits =
                GateLimits.DEFAULT.withPacketMax(Packets.COMMAND_MAX).withPatience(10_000, 0);
        this.gate = Gate.open(
                node,
                GateConfig.of(Port.tcp(at)).withLimits(limits),
                Framing.shortLengths(),
                places.around(new Door()));
        this.sessions = node.processes().spawn(self -> {
            self.subscribe(Player.ELSEWHERE, TakenOver.class, each -> each);
            return this::elsewhere;
        });
    }

    /** A player's session plays for him now, and no more this connection of some server. */
    private @Nullable Object elsewhere(Self<TakenOver> self, TakenOver by) {
        if (by.equals(CLOSED)) {
            self.stop("the server is closed");
        } else if (new Address(by.way()).isOf(node.self())) {
            supersede(by.way(), new Line.Attachment(by.player(), by.login()));
        }
        return null;
    }

    /**
     * Listens and lets gateways know.
     *
     * @param isTest whether anybody may make games with known cards
     */
    public static PokerServer open(Node node, Lobby lobby, Entities app, InetSocketAddress at, boolean isTest)
            throws IOException {
        return open(node, lobby, app, at, NewGames.of(isTest, false));
    }

    /** The same with games of players' own. */
    public static PokerServer open(Node node, Lobby lobby, Entities app, InetSocketAddress at, NewGames newGames)
            throws IOException {
        PokerServer server = new PokerServer(node, lobby, app, at, newGames);
        server.places.join(Map.of(Way.TCP, HostPort.of(server.address())));
        return server;
    }

    private final class Door implements Receiver {
        @Override
        public void connected(Client client) {
            client.keep(new Line(PokerServer.this, client));
        }

        @Override
        public void packet(Client client, Bytes packet) {
            line(client).packet(packet);
        }

        @Override
        public boolean sent(Client client, Bytes message) {
            if (client.kept() instanceof Line line) {
                ByteBuffer newer = ByteBuffer.wrap(message.toArray());
                line.elsewhere(new Line.Attachment(newer.getLong(), newer.getLong()));
            }
            return true;
        }

        @Override
        public void closed(Client client, String cause) {
            line(client).ended();
        }
    }

    private static Line line(Client client) {
        return (Line) Objects.requireNonNull(client.kept(), "a client without a line");
    }

    // ---- For its lines

    Ears ears() {
        return ears;
    }

    /** Read once for all who hear it: they do so one after the other. */
    Saying saying(long game, Heard item) {
        Saying before = last;
        if (before != null && before.is(game, item)) {
            return before;
        }
        Saying saying = Saying.of(game, item);
        last = saying;
        return saying;
    }

    Lobby lobby() {
        return lobby;
    }

    NewGames newGames() {
        return newGames;
    }

    <K, E extends Entity<K>> E agent(Class<E> contract, K key) {
        return app.agent(node, contract, key);
    }

    NearbyGames games() {
        return games;
    }

    /** Whether the table of this game is here, as the newest view has it. */
    boolean owns(long game) {
        SlotState slot = requests.view().slot(requests.slot(OpenTable.class, game));
        return slot != null && slot.owner().equals(node.self());
    }

    /** As {@link #agent}, for whoever must not wait: the end comes on the node's loop. */
    void call(
            Class<?> contract,
            Object key,
            String method,
            Client onBehalf,
            Consumer<? super Outcome<Object>> end,
            @Nullable Object... arguments) {
        Consumer<Outcome<Object>> guarded = outcome -> {
            try {
                end.accept(outcome);
            } catch (RuntimeException bug) {
                // Of one client, and the loop is everybody's.
                LOG.error("{} is closed by a bug", onBehalf, bug);
                onBehalf.close("its server threw " + bug);
            }
        };
        requests.call(contract, key, method, onBehalf.way().address().value(), guarded, arguments);
    }

    /** Who was dealt what at this position, told on some thread that must not wait; fails with a CallException. */
    CompletableFuture<List<OpenTable.Hand>> hands(long game, long position, Client onBehalf) {
        Dealt what = new Dealt(game, position);
        CompletableFuture<List<OpenTable.Hand>> own = new CompletableFuture<>();
        CompletableFuture<List<OpenTable.Hand>> there = dealt.putIfAbsent(what, own);
        if (there != null) {
            return there;
        }
        try {
            call(
                    OpenTable.class,
                    game,
                    "hands",
                    onBehalf,
                    outcome -> {
                        dealt.remove(what, own);
                        if (outcome instanceof Outcome.Done<Object>(List<?> hands)) {
                            own.complete(hands.stream()
                                    .map(OpenTable.Hand.class::cast)
                                    .toList());
                        } else {
                            own.completeExceptionally(CallException.of("the cards of game " + game, outcome, null));
                        }
                    },
                    position);
        } catch (RuntimeException over) {
            dealt.remove(what, own);
            own.completeExceptionally(over);
        }
        return own;
    }

    /** On a thread that may wait; nothing when the server is over. */
    void work(Runnable what) {
        try {
            workers.execute(what);
        } catch (RejectedExecutionException over) {
            LOG.debug("not done, the server is over: {}", over.getMessage());
        }
    }

    /** Tells another connection that its player is elsewhere now. */
    void supersede(long way, Line.Attachment newer) {
        ByteBuffer said =
                ByteBuffer.allocate(2 * Long.BYTES).putLong(newer.player()).putLong(newer.login());
        try {
            node.processes().at(new Address(way)).send(new Raw(Bytes.wrap(said.array())));
        } catch (ProcessBusyException busy) {
            // It hears on, and can do nothing: the tables know the newer log-in.
            LOG.info("{} is not told that its player is elsewhere: {}", new Address(way), busy.getMessage());
        }
    }

    // ---- For its owner

    public InetSocketAddress address() {
        List<InetSocketAddress> all = gate.addresses();
        return all.getFirst();
    }

    /** Clients that are connected. */
    public int count() {
        return gate.count();
    }

    @Override
    public void close() {
        sessions.send(CLOSED);
        places.close();
        gate.close();
        ears.close();
        workers.shutdownNow();
    }
}
