package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.call.Address;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.call.ToolMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.MemberConfig;
import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.Bytes;
import dev.berth.node.launch.CollectorThreads;
import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Dialect;
import dev.berth.node.link.Door;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Pipe;
import dev.berth.node.link.PipeEars;
import dev.berth.node.link.Secret;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.lookout.Lookout;
import dev.berth.node.member.Fencing;
import dev.berth.node.member.MemberNode;
import dev.berth.node.member.MemberParts;
import dev.berth.node.member.Touches;
import dev.berth.node.member.ViewStep;
import dev.berth.node.plane.CallEnd;
import dev.berth.node.plane.Plane;
import dev.berth.node.plane.PlaneLimits;
import dev.berth.node.plane.Work;
import dev.berth.node.process.Outside;
import dev.berth.node.process.Processes;
import dev.berth.node.process.Topic;
import dev.berth.node.process.Topics;
import dev.berth.node.store.StoreClient;
import dev.berth.node.store.StoreClientConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

// One event loop carries a node's connections; handlers run on virtual threads; the member's machine has a thread that
// does nothing else.

/** A process that is a member of a cluster: it calls services, and may own slots of some. Any thread may call it. */
@PublicApi
public final class Node implements AutoCloseable {
    private static final int SERVERS_SHOWN = 64;
    /** Calls made before the node is listed; more are refused as BUSY. */
    private static final int EARLY_MAX = 4_096;

    private final Loops loops = Loops.start(1);
    private final EventLoop loop = loops.next();
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService listeners = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("berth-views").factory());
    private final Map<String, SlotService> services;
    private final Transport transport;
    private final @Nullable StoreClient store;
    private final Touches touches;
    private final MemberNode member;
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final CompletableFuture<Incarnation> listed = new CompletableFuture<>();
    private final ViewFeeds feeds = new ViewFeeds(handlers);
    private final List<Consumer<? super MeterRegistry>> more = new CopyOnWriteArrayList<>();
    private final List<Supplier<ToolMessage.PlacesTold>> servers = new CopyOnWriteArrayList<>();
    private final List<Joining> joinings = new CopyOnWriteArrayList<>();
    private final List<Consumer<? super Slot>> runListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<? super Incarnation>> lossListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<? super View>> early = new ArrayList<>();
    private final InetSocketAddress address;
    private final Counts counts = new Counts();
    private final Complaints complaints = new Complaints();
    private final @Nullable Lookout lookout;
    private final @Nullable RecordBook messages;
    private final Secret secret;
    private volatile @Nullable Processes processes;
    private volatile @Nullable View view;

    private Node(NodeConfig config, Map<String, SlotService> services) throws IOException {
        this.services = Map.copyOf(services);
        this.transport = new Transport(
                TransportConfig.of(config.cluster(), config.secret(), Protocol.VERSIONS), loops, this::broken);
        this.address = transport.listen(
                config.listen(),
                List.of(new Door<>(Dialect.PEERS, this::accept), new Door<>(Dialect.NODES_END, this::inquiries)));
        this.touches = config.touches();
        InetSocketAddress storeAddress = config.store();
        this.store = storeAddress == null
                ? null
                : StoreClient.open(transport, loop, storeAddress, StoreClientConfig.DEFAULT, new SplittableRandom());
        this.messages = config.messages();
        this.secret = config.secret();
        Slots slots = new Slots(services, handlers, this::mayAct, store, new Heard(), counts, this::admitted);
        List<String> addresses = new ArrayList<>(List.of(HostPort.of(address).toString()));
        HostPort http = config.http();
        this.lookout = http == null ? null : Lookout.open(loops, http);
        if (lookout != null) {
            addresses.add(lookout.url());
        }
        MemberConfig memberConfig = new MemberConfig(
                config.name(),
                MemberNode.nonce(),
                config.id(),
                config.offers(),
                addresses,
                config.launcher(),
                Incarnation.NONE,
                config.masters().size(),
                config.timings());
        this.member = new MemberNode(
                memberConfig,
                new MemberParts(
                        transport,
                        loop,
                        config.masters(),
                        config.touches(),
                        store == null ? Fencing.NONE : new StoreFencing(store, loop),
                        slots,
                        (mayAct, first, self, broken) -> populated(
                                self,
                                new Plane(
                                        loop,
                                        System::nanoTime,
                                        PlaneLimits.DEFAULT,
                                        new PeerDialer(transport),
                                        mayAct,
                                        first,
                                        self,
                                        slots,
                                        broken,
                                        new SplittableRandom()))));
        if (lookout != null) {
            lookout.show(new NodeWatch(this, config.name(), slots, counts));
        }
    }

    /** The node is listed: from now on it has processes. */
    private Plane populated(Incarnation self, Plane plane) {
        Outside outside = new Outside(
                messages, plane::submit, this::ask, () -> plane.table().view());
        processes =
                new Processes(Address.first(self), Runtime.getRuntime().availableProcessors(), this::mayAct, outside);
        return plane;
    }

    /**
     * Joins; returns at once. What the services' code is told says how far it has come.
     *
     * @param services the code of each service for which the configuration offers slots
     * @throws IOException when it cannot listen
     */
    public static Node start(NodeConfig config, Map<String, SlotService> services) throws IOException {
        config.offers().forEach(offer -> {
            if (!services.containsKey(offer.service())) {
                throw new IllegalArgumentException("node " + config.name() + " offers slots of service "
                        + offer.service() + " and has no code for it");
            }
        });
        CollectorThreads.giveWay();
        if (config.offers().stream().anyMatch(Offer::standby)) {
            Rehearsal.begin();
        }
        Node node = new Node(config, services);
        node.member.start();
        return node;
    }

    /** A node that owns nothing and only calls. */
    public static Node start(NodeConfig config) throws IOException {
        return start(config, Map.of());
    }

    /** Where others reach it. */
    public InetSocketAddress address() {
        return address;
    }

    /** Its processes if it is listed; null before. */
    @Nullable
    Processes processesNow() {
        return processes;
    }

    /**
     * Its processes, and the ways to those of other nodes. Waits until the node is listed, since its life is part of their
     * addresses; an IllegalStateException says why that will never be.
     */
    public Processes processes() {
        Processes there = processes;
        if (there == null) {
            Loops.requireMayBlock("Node.processes");
            Object how = CompletableFuture.anyOf(listed, ended).join();
            there = processes;
            if (there == null) {
                throw new IllegalStateException("the node has no processes, it was never listed: " + how);
            }
        }
        return there;
    }

    /** To tell something to whoever listens, anywhere in the cluster; waits until the node is listed. */
    public Topic topic(String name) {
        return processes().topic(name);
    }

    /** 32 bytes that all nodes of this cluster have in common, and nobody else. */
    public byte[] key(String purpose) {
        return secret.key(purpose);
    }

    void measure(MeterRegistry meters) {
        Processes there = processes;
        if (there != null) {
            Topics.of(there).measure(meters);
        }
        more.forEach(each -> each.accept(meters));
    }

    /** What carries its connections, for whoever listens for others beside them: he closes before the node does. */
    public Loops loops() {
        return loops;
    }

    /** Shows more meters at /metrics: called before every scrape, registers them, or once more the same. */
    public void measured(Consumer<? super MeterRegistry> meters) {
        more.add(meters);
    }

    /** Has {@code ./berth status} show a server of players here, until that is closed; asked on an event loop. */
    public Subscription shows(Supplier<ToolMessage.PlacesTold> server) {
        servers.add(server);
        return () -> servers.remove(server);
    }

    /** The way to a service. */
    public Agent agent(String service) {
        return new Agent(this, service);
    }

    /**
     * Gives the agent that the service's author has written its place in this node: it hears at once, and from then on, who
     * serves (S2.26).
     */
    public void join(String service, ServiceAgent agent) {
        Joining joining = new Joining(agent(service), agent);
        joinings.add(joining);
        listeners.execute(() -> tell(joining));
    }

    /** By the newest view, so that whatever is told later is newer. */
    private void tell(Joining joining) {
        joining.arrived();
        View newest = view;
        if (newest != null) {
            joining.follow(newest);
        }
    }

    /** Waits until every agent has been told of the view that the node acts by. */
    void agentsTold() throws InterruptedException {
        CompletableFuture<Void> told = new CompletableFuture<>();
        listeners.execute(() -> told.complete(null));
        try {
            told.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The view that the node acts by; null before the first. */
    public @Nullable View view() {
        return view;
    }

    /** This life; none before it is listed. */
    public Incarnation self() {
        return member.self();
    }

    /** Whether its lease holds at this moment. */
    public boolean mayAct() {
        return member.mayAct(System.nanoTime());
    }

    /** How often its lease has run out so far. */
    long suspensions() {
        return member.suspensions();
    }

    /** Where it shows /metrics, /live and /ready; null for nowhere. */
    public @Nullable String http() {
        return lookout == null ? null : lookout.url();
    }

    /**
     * Tells what is true now as one change (or when the node is listed), and then every change of the view with its reason: in
     * order, none left out, one at a time, on a virtual thread of the listener's own, which may block. When 1,024 changes wait
     * for a slow listener, what comes is joined to the last of them: it loses no difference, only the single steps. A node that
     * was cut off for long is itself told only the result; then one change spans several views as well. A listener that throws
     * is told nothing more, and the log says so.
     */
    public Subscription onChange(Consumer<? super ViewChange> listener) {
        return feeds.add(listener);
    }

    /** The cluster's configuration, for the settings that Berth itself knows. */
    public NodeSettings settings() {
        return settings(SettingsCatalog.BUILT_IN);
    }

    /** The same for a service's own settings; the masters must have been started with the same catalog. */
    public NodeSettings settings(SettingsCatalog catalog) {
        return new NodeSettings(this, catalog);
    }

    void onRun(Consumer<? super Slot> listener) {
        runListeners.add(listener);
    }

    Subscription onLost(Consumer<? super Incarnation> listener) {
        lossListeners.add(listener);
        return () -> lossListeners.remove(listener);
    }

    /** Asks for a change of the view: configuration, names, drains, sizes. */
    public CompletableFuture<MemberNode.Decision> ask(Proposal proposal) {
        return member.ask(proposal);
    }

    /** Completed with this life when the cluster lists it. */
    public CompletableFuture<Incarnation> listed() {
        return listed.copy();
    }

    /** Completed with the cause when the node is over: expelled, refused, closed or broken. */
    public CompletableFuture<String> ended() {
        return ended.copy();
    }

    /** Leaves at once, and says so. To hand its slots over first, drain it. */
    @Override
    public void close() {
        member.close();
        ended.join();
        if (store != null) {
            store.close();
        }
        touches.close();
        if (lookout != null) {
            lookout.close();
        }
        transport.close();
        loops.close();
        handlers.shutdownNow();
        listeners.shutdown();
    }

    void submit(Request request) {
        accepting().submit(request);
    }

    /** Does it once the node has a view; or else does the other, if too much waits for that already. */
    void whenListed(Consumer<? super View> call, Runnable tooMany) {
        View there;
        synchronized (early) {
            there = view;
            if (there == null && early.size() < EARLY_MAX) {
                early.add(call);
                return;
            }
        }
        if (there != null) {
            call.accept(there);
        } else {
            tooMany.run();
        }
    }

    private Plane accepting() {
        Plane plane = member.plane();
        if (plane == null) {
            throw new IllegalStateException("not listed yet");
        }
        return plane;
    }

    private void admitted(Work work) {
        Processes there = processes;
        if (there == null) {
            work.answer(new PeerMessage.Result.NotRun(RefusedReason.NO_SUCH_PROCESS, 0));
        } else {
            there.admitted(work);
        }
    }

    /** Called on the loop. */
    private void asked(Inquiries.Question question) {
        ToolMessage.OfEntities asked = question.asked();
        handlers.execute(() -> {
            ToolMessage.FromNode told;
            try {
                if (!(services.get(asked.service()) instanceof SlotCrew crew)) {
                    throw new IllegalArgumentException("this node has no entities of a service " + asked.service());
                }
                told = crew.tell(this, store, asked);
            } catch (RuntimeException | InterruptedException thrown) {
                told = ToolMessage.EntityTold.of(asked.id(), false, String.valueOf(thrown.getMessage()));
            }
            ToolMessage.FromNode answer = told;
            loop.execute(() -> question.answer().accept(answer));
        });
    }

    private PipeEars<ToolMessage.ToNode, ToolMessage.FromNode> inquiries() {
        return new Inquiries(member, this::asked, this::census);
    }

    private ToolMessage.NodeTold census(ToolMessage.AskNode ask) {
        List<ToolMessage.InMemory> entities = new ArrayList<>();
        services.forEach((service, code) -> {
            if (code instanceof SlotCrew crew) {
                entities.add(new ToolMessage.InMemory(service, crew.inMemory()));
            }
        });
        Processes there = processes;
        return new ToolMessage.NodeTold(
                ask.id(),
                there == null ? 0 : there.count(),
                entities,
                servers.stream().limit(SERVERS_SHOWN).map(Supplier::get).toList());
    }

    private PipeEars<PeerMessage, PeerMessage> accept() {
        Plane plane = member.plane();
        return plane == null ? new TurnedAway() : plane.accept();
    }

    /** Who connects before this node knows a view could not be judged. */
    private static final class TurnedAway implements PipeEars<PeerMessage, PeerMessage> {
        @Override
        public void opened(Pipe<PeerMessage> pipe) {
            pipe.close("this node is not listed yet");
        }

        @Override
        public void received(PeerMessage message) {}

        @Override
        public void closed(String cause) {}
    }

    private void broken(Throwable why) {
        member.stop("broken: " + why);
    }

    private final class Heard implements Slots.Listener {
        @Override
        public Node node() {
            return Node.this;
        }

        @Override
        public void runDone(Slot slot) {
            runListeners.forEach(listener -> listeners.execute(() -> listener.accept(slot)));
        }

        @Override
        public void installed(View next, List<ViewStep> steps) {
            List<Consumer<? super View>> calls;
            synchronized (early) {
                view = next;
                calls = List.copyOf(early);
                early.clear();
            }
            listed.complete(member.self());
            calls.forEach(call -> handlers.execute(() -> call.accept(next)));
            joinings.stream().filter(Joining::calls).forEach(joining -> listeners.execute(() -> tell(joining)));
            feeds.installed(steps);
        }

        @Override
        public void disconnected(Incarnation peer) {
            lossListeners.forEach(listener -> listener.accept(peer));
        }

        @Override
        public void dropped(PeerMessage.Call message) {
            Processes there = processes;
            if (there != null) {
                there.missed(message.address());
            }
        }

        @Override
        public void ended(Request request, Outcome<Bytes> outcome, long call) {
            String id = "";
            if (call != 0) {
                id = member.self() + ":" + call;
                complaints.say(System.nanoTime(), id, request, outcome);
            }
            SlotId to = request.to();
            counts.made(to == null ? Counts.PROCESSES : to.service()).count(outcome);
            // What Agent has put there.
            if (request.context() instanceof CallEnd end) {
                end.ended(outcome, id);
            }
        }

        @Override
        public void over(String cause) {
            Processes there = processes;
            if (there != null) {
                there.close();
            }
            ended.complete(cause);
        }
    }
}
