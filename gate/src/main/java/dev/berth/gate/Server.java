package dev.berth.gate;

import dev.berth.core.PublicApi;
import dev.berth.core.call.ToolMessage;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.gateway.PlaceAnswer;
import dev.berth.core.gateway.PlaceCall;
import dev.berth.core.gateway.Places;
import dev.berth.core.gateway.Way;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.launch.HostPort;
import dev.berth.node.process.AtOnce;
import dev.berth.node.process.Behavior;
import dev.berth.node.process.NameRefusedException;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Raw;
import dev.berth.node.process.Self;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.Subscription;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node whose gate takes so many players, {@code gate.places} of the cluster's configuration, and to which gateways send them: see {@link
 * Gateway}. Any thread.
 *
 * {@snippet :
 * Server server = Server.at(node, "poker");
 * Gate gate = Gate.open(node, config, Framing.shortLengths(), server.around(receiver));
 * server.join(Map.of(Way.TCP, new HostPort("203.0.113.7", 3000)));
 * }
 */
@PublicApi
public final class Server implements AutoCloseable {
    /** A player of 2008 takes up to 15 s to connect. */
    static final Duration KEPT = Duration.ofSeconds(15);

    private static final long AGAIN_SECONDS = 1;
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Node node;
    private final ServerGroup group;
    private final Places places;
    private final Subscription setting;
    private final Subscription shown;
    private final Set<Client> turnedAway = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable ProcessRef<Object> desk;

    private Server(Node node, ServerGroup group) {
        this.node = node;
        this.group = group;
        String key = SettingsCatalog.GATE_PLACES;
        this.places = new Places((int) node.settings().whole(key), KEPT.toNanos());
        this.setting = node.settings().onChange(key, value -> limit(Integer.parseInt(value.value())));
        this.shown = node.shows(this::told);
        node.measured(this::measure);
    }

    /**
     * Counts who comes from now on. Waits until the node is listed.
     *
     * @param group the name under which gateways look for it: 40 characters at most
     */
    public static Server at(Node node, String group) {
        ServerGroup its = new ServerGroup(group);
        var _ = node.processes();
        return new Server(node, its);
    }

    /**
     * Players come from now on, as soon as the cluster knows of it; not before the gate is open.
     *
     * @param reached where clients reach it, for each way that there is; hosts are names or addresses that clients can use
     */
    public void join(Map<Way, HostPort> reached) {
        reached.values().forEach(at -> {
            InetAddress host = at.address().getAddress();
            // A name that only clients can look up may be right.
            if (at.port() == 0 || (host != null && host.isAnyLocalAddress())) {
                throw new IllegalArgumentException("clients cannot connect to " + at
                        + ": say an address or a name at which they reach this server");
            }
        });
        Map<Way, HostPort> ways = new EnumMap<>(Way.class);
        ways.putAll(reached);
        ProcessRef<Object> its = node.processes().spawn(_ -> new Desk(ways));
        desk = its;
        Thread.startVirtualThread(() -> register(its, ways));
    }

    private void register(ProcessRef<Object> its, Map<Way, HostPort> ways) {
        String name = group.nameOf(its.address());
        var _ = node.ended().thenRun(closed::countDown);
        boolean told = false;
        while (closed.getCount() > 0) {
            try {
                node.processes().register(name, its);
                LOG.info("server of {} joins, at {}: {} places", group.name(), ways, places());
                return;
            } catch (NameRefusedException refused) {
                if (!told) {
                    LOG.warn("server of {} has not joined yet: {}", group.name(), refused.getMessage());
                    told = true;
                }
            } catch (IllegalStateException over) {
                LOG.warn("server of {} does not join: {}", group.name(), over.getMessage());
                return;
            }
            try {
                var _ = closed.await(AGAIN_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException over) {
                return;
            }
        }
    }

    // ---- Its places

    private synchronized void limit(int most) {
        places.limit(most);
    }

    /** Players that it takes. */
    public synchronized int places() {
        return places.max();
    }

    private synchronized boolean reserve() {
        return places.reserve(System.nanoTime());
    }

    synchronized boolean enter() {
        return places.enter(System.nanoTime());
    }

    synchronized void leave() {
        places.leave();
    }

    /** Players that are here. */
    public synchronized int taken() {
        return places.taken();
    }

    /** Places that are kept for players who were sent and have not come yet. */
    public synchronized int kept() {
        return places.kept(System.nanoTime());
    }

    /** What {@code ./berth status} shows. */
    synchronized ToolMessage.PlacesTold told() {
        return new ToolMessage.PlacesTold(group.name(), places(), taken(), kept());
    }

    private void measure(MeterRegistry meters) {
        gauge(meters, "berth.gate.places", "players that this server takes", Server::places);
        gauge(meters, "berth.gate.places.taken", "players that are here", Server::taken);
        gauge(meters, "berth.gate.places.kept", "places that are kept for players who are sent", Server::kept);
    }

    private void gauge(MeterRegistry meters, String name, String what, ToDoubleFunction<Server> value) {
        Gauge.builder(name, this, value)
                .description(what)
                .tag("group", group.name())
                .register(meters);
    }

    /** It answers gateways. */
    @AtOnce
    private final class Desk implements Behavior<Object> {
        private final Map<Way, HostPort> ways;

        Desk(Map<Way, HostPort> ways) {
            this.ways = ways;
        }

        @Override
        public Object on(Self<Object> self, Object message) {
            if (!(message instanceof Raw(Bytes question))) {
                throw new IllegalArgumentException("a server's places are asked by Raw");
            }
            try {
                return PlaceBook.write(answer(PlaceBook.read(question, PlaceCall.class)));
            } catch (WireException unreadable) {
                throw new IllegalArgumentException("no question for a server: " + unreadable.getMessage(), unreadable);
            }
        }

        private PlaceAnswer answer(PlaceCall call) {
            return switch (call) {
                case PlaceCall.Reserve(Way way) -> {
                    HostPort at = ways.get(way);
                    if (at == null) {
                        yield new PlaceAnswer.NoWay();
                    }
                    yield reserve() ? new PlaceAnswer.Reserved(at.toString()) : new PlaceAnswer.Full();
                }
            };
        }
    }

    // ---- For its gate

    /** The receiver of a gate of this server: it hears of no client for which there is no place; that one is closed. */
    public Receiver around(Receiver inner) {
        return new Receiver() {
            @Override
            public void connected(Client client) {
                if (enter()) {
                    inner.connected(client);
                } else {
                    turnedAway.add(client);
                    client.refuse(Refusal.SERVER_FULL, places() + " players are here");
                }
            }

            @Override
            public void packet(Client client, Bytes packet) {
                if (!turnedAway.contains(client)) {
                    inner.packet(client, packet);
                }
            }

            @Override
            public boolean sent(Client client, Bytes message) {
                return inner.sent(client, message);
            }

            @Override
            public void missed(Client client) {
                inner.missed(client);
            }

            @Override
            public void closed(Client client, String cause) {
                if (!turnedAway.remove(client)) {
                    leave();
                    inner.closed(client, cause);
                }
            }
        };
    }

    /** Takes nobody any more from gateways; who is here stays. */
    @Override
    public void close() {
        closed.countDown();
        setting.close();
        shown.close();
        ProcessRef<Object> its = desk;
        if (its != null) {
            node.processes().stop(its, "the server is closed");
        }
    }
}
