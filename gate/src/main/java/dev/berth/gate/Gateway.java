package dev.berth.gate;

import dev.berth.core.PublicApi;
import dev.berth.core.call.Address;
import dev.berth.core.call.Outcome;
import dev.berth.core.gateway.PlaceAnswer;
import dev.berth.core.gateway.PlaceCall;
import dev.berth.core.gateway.Usher;
import dev.berth.core.gateway.UsherAction;
import dev.berth.core.gateway.UsherConfig;
import dev.berth.core.gateway.UsherEvent;
import dev.berth.core.gateway.Way;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.launch.HostPort;
import dev.berth.node.process.Raw;
import dev.berth.node.session.GateOpener;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.Subscription;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// The machine is run by whoever brings it something, one at a time; what others bring meanwhile waits its turn. A
// gateway keeps nothing that another one would miss, so there are as many as one likes (S3.33).

/**
 * A node that runs no games: clients connect, are told the address of a {@link Server} that keeps a place for them, and the connection is closed. Any
 * thread.
 */
@PublicApi
public final class Gateway implements GateOpener.Opened {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    /** For who has too many places reserved: one of them may lapse any moment. */
    private static final int RETRY_MILLIS = 3_000;

    private final Node node;
    private final ServerGroup group;
    private final Handoff speaks;
    private final Usher usher = new Usher(UsherConfig.DEFAULT, RandomGenerator.getDefault());
    private final EventLoop clock;
    private final Map<Long, Client> clients = new ConcurrentHashMap<>();
    private final Reservations reservations;
    private final LongAdder handedOff = new LongAdder();
    private final LongAdder noPlace = new LongAdder();
    private @Nullable Gate gate;
    private @Nullable Subscription views;

    private final ArrayDeque<Consumer<Outbox<UsherAction>>> steps = new ArrayDeque<>();
    private boolean atWork;

    // Of whoever is at work.
    private long alarmNanos = Machine.NEVER;
    private @Nullable ScheduledFuture<?> alarm;

    private Gateway(Node node, ServerGroup group, GateLimits limits, Handoff speaks) {
        this.node = node;
        this.group = group;
        this.speaks = speaks;
        this.clock = node.loops().next();
        this.reservations = new Reservations(limits.placesPerAddress(), Server.KEPT.toNanos());
    }

    /**
     * Opens a gateway at a node; it closes when the node is over. Waits until the node is listed.
     *
     * @param servers the name of their group, as {@link Server#at} has it
     * @param config its framing is that of the handoff
     * @throws IOException when it cannot listen
     */
    public static Gateway open(Node node, String servers, GateConfig config, Handoff speaks) throws IOException {
        Gateway gateway = new Gateway(node, new ServerGroup(servers), config.limits(), speaks);
        var _ = node.processes();
        gateway.views =
                node.onChange(change -> gateway.happens(new UsherEvent.Servers(gateway.group.all(change.view()))));
        try {
            gateway.gate = Gate.open(node, patient(config, speaks), speaks.framing(), gateway.new Door());
        } catch (IOException | RuntimeException failed) {
            gateway.views.close();
            throw failed;
        }
        node.measured(gateway::measure);
        return gateway;
    }

    private static GateConfig patient(GateConfig config, Handoff speaks) {
        GateLimits limits = config.limits();
        return speaks.clientSpeaksFirst()
                ? config
                : config.withLimits(limits.withPatience(limits.handshakeMillis(), 0));
    }

    /** What clients do. */
    private final class Door implements Receiver {
        @Override
        public void connected(Client client) {
            if (!speaks.clientSpeaksFirst()) {
                seeks(client);
            }
        }

        @Override
        public void packet(Client client, Bytes packet) {
            if (!speaks.clientSpeaksFirst() || client.kept() != null) {
                return; // There is nothing more to say to it than what it waits for.
            }
            client.keep(client);
            try {
                speaks.heard(packet);
                seeks(client);
            } catch (MalformedPacketException bad) {
                client.refuse(Refusal.MALFORMED, String.valueOf(bad.getMessage()));
            }
        }

        private void seeks(Client client) {
            if (!reservations.take(client.remote().getAddress(), System.nanoTime())) {
                String why = "servers keep as many places for clients of its address as they may";
                speaks.noPlace(why, RETRY_MILLIS).ifPresent(client::send);
                client.refuse(Refusal.ADDRESS_PLACES, why);
                return;
            }
            clients.put(client.number(), client);
            happens(new UsherEvent.Seeks(
                    client.number(),
                    client.port().speaksHttp() ? Way.WEB : Way.TCP,
                    speaks.patience().toNanos()));
        }

        @Override
        public void closed(Client client, String cause) {
            if (clients.remove(client.number()) != null) {
                isGone(client);
                happens(new UsherEvent.Left(client.number()));
            }
        }
    }

    // ---- The machine

    private void happens(UsherEvent event) {
        step(out -> usher.on(System.nanoTime(), event, out));
    }

    private void step(Consumer<Outbox<UsherAction>> step) {
        synchronized (steps) {
            steps.add(step);
            if (atWork) {
                return;
            }
            atWork = true;
        }
        try {
            for (Consumer<Outbox<UsherAction>> next = next(); next != null; next = next()) {
                List<UsherAction> actions = new ArrayList<>();
                next.accept(actions::add);
                actions.forEach(this::act);
            }
        } catch (RuntimeException | Error broken) {
            LOG.error("gateway to {} is broken, and closes", group.name(), broken);
            Thread.startVirtualThread(this::close);
            throw broken;
        }
    }

    private @Nullable Consumer<Outbox<UsherAction>> next() {
        synchronized (steps) {
            Consumer<Outbox<UsherAction>> next = steps.poll();
            if (next == null) {
                rearm();
                atWork = false;
            }
            return next;
        }
    }

    private void rearm() {
        long next = usher.nextWakeNanos();
        if (next >= alarmNanos || clock.isShuttingDown()) {
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarmNanos = next;
        alarm = clock.schedule(this::ring, Math.max(0, next - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void ring() {
        step(out -> {
            alarmNanos = Machine.NEVER;
            usher.advance(System.nanoTime(), out);
        });
    }

    private void act(UsherAction action) {
        switch (action) {
            case UsherAction.Ask ask -> ask(ask);
            case UsherAction.HandOff(long number, String address) -> {
                Client client = clients.remove(number);
                if (client != null) {
                    isGone(client);
                    handedOff.increment();
                    handOff(client, address);
                }
            }
            case UsherAction.NoPlace(long number, String why, int retryMillis) -> {
                Client client = clients.remove(number);
                if (client != null) {
                    reservations.giveBack(client.remote().getAddress());
                    noPlace.increment();
                    speaks.noPlace(why, retryMillis).ifPresent(client::send);
                    client.close(why);
                }
            }
        }
    }

    private void isGone(Client client) {
        reservations.isGone(client.remote().getAddress(), System.nanoTime());
    }

    private void handOff(Client client, String address) {
        try {
            client.send(speaks.to(HostPort.parse(address, 1)
                    .orElseThrow(() -> new IllegalArgumentException("'" + address + "' is no HOST:PORT"))));
            client.close("sent to " + address);
        } catch (IllegalArgumentException cannot) {
            LOG.warn("{} cannot be sent to a server: {}", client, cannot.getMessage());
            client.close(String.valueOf(cannot.getMessage()));
        }
    }

    private void ask(UsherAction.Ask ask) {
        Address server = new Address(ask.server());
        try {
            node.processes()
                    .ask(
                            server,
                            node.processes().at(server),
                            new Raw(PlaceBook.write(new PlaceCall.Reserve(ask.way()))),
                            Duration.ofNanos(UsherConfig.DEFAULT.askNanos()),
                            outcome -> happens(answered(ask.question(), outcome)));
        } catch (IllegalStateException over) {
            happens(new UsherEvent.Failed(ask.question()));
        }
    }

    private static UsherEvent answered(long question, Outcome<Bytes> outcome) {
        if (outcome instanceof Outcome.Done<Bytes>(Bytes answer)) {
            try {
                return new UsherEvent.Answered(question, PlaceBook.read(answer, PlaceAnswer.class));
            } catch (WireException unreadable) {
                LOG.warn("a server's answer cannot be read: {}", unreadable.getMessage());
            }
        }
        return new UsherEvent.Failed(question);
    }

    // ---- For its owner

    private void measure(MeterRegistry meters) {
        Gauge.builder("berth.gateway.waiting", clients, Map::size)
                .description("clients that look for a place")
                .tag("group", group.name())
                .register(meters);
        FunctionCounter.builder("berth.gateway.handed.off", handedOff, LongAdder::sum)
                .description("clients that were sent to a server")
                .tag("group", group.name())
                .register(meters);
        FunctionCounter.builder("berth.gateway.no.place", noPlace, LongAdder::sum)
                .description("clients for which there was no place")
                .tag("group", group.name())
                .register(meters);
    }

    @Override
    public List<InetSocketAddress> addresses() {
        return transport().addresses();
    }

    /** Clients that are connected. */
    public int count() {
        return transport().count();
    }

    Gate transport() {
        return Objects.requireNonNull(gate, "opened");
    }

    /** Not on an event loop. */
    @Override
    public void close() {
        if (views != null) {
            views.close();
        }
        transport().close();
    }
}
