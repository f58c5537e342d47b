package dev.berth.lab.sim;

import dev.berth.core.cluster.Durable.TermRecord;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.cluster.MemberConfig;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.View;
import dev.berth.core.cluster.ViewImage;
import dev.berth.lab.sim.check.Checks;
import dev.berth.lab.sim.coordinator.Coordinator;
import dev.berth.lab.sim.coordinator.Nodes;
import dev.berth.lab.sim.host.Host;
import dev.berth.lab.sim.kernel.Agenda;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.kernel.Digest;
import dev.berth.lab.sim.kernel.LocalClock;
import dev.berth.lab.sim.kernel.Trace;
import dev.berth.lab.sim.net.Network;
import dev.berth.lab.sim.node.Codecs;
import dev.berth.lab.sim.node.Launcher;
import dev.berth.lab.sim.node.MasterProcess;
import dev.berth.lab.sim.node.MemberProcess;
import dev.berth.lab.sim.node.Plane;
import dev.berth.lab.sim.node.SharedViews;
import dev.berth.lab.sim.node.Surroundings;
import dev.berth.lab.sim.node.Tally;
import dev.berth.lab.sim.store.Store;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

// A world is driven from outside, event by event: by the runner of seeds, which plays random faults on it, or by a
// script, which steps until something has happened and then does the next thing. All of it happens in the caller's
// thread.

/** A whole cluster under virtual time: machines, network, coordinator, store, checks. One thread. */
public final class World {
    private static final long BOOT_MOST_NANOS = 1_000_000_000_000L;

    private final Setup setup;
    private final Agenda agenda = new Agenda();
    private final Digest digest = new Digest();
    private final Trace trace;
    private final Dice dice;
    private final Network network;
    private final Coordinator coordinator;
    private final Store store;
    private final Checks checks;
    private final Codecs codecs = new Codecs();
    private final SharedViews views = new SharedViews();
    private final Surroundings around;
    private final List<Host> hosts = new ArrayList<>();
    private final TreeMap<String, Host> hostsByName = new TreeMap<>();
    private final List<@Nullable MasterProcess> masters = new ArrayList<>();
    private final TreeMap<String, MemberProcess> members = new TreeMap<>();
    private final TreeMap<String, NodeSpec> specs = new TreeMap<>();
    private final TreeMap<String, Incarnation> previous = new TreeMap<>();
    private final TreeMap<String, Launcher> launchers = new TreeMap<>();
    private BiFunction<World, MemberProcess, Plane> planes = (_, _) -> Plane.NOTHING;
    private Consumer<MemberProcess> whenOver = _ -> {};
    private boolean datagrams;
    private int processes;

    public World(Setup setup) {
        this.setup = setup;
        this.trace = new Trace(agenda, setup.traceLines());
        this.dice = Dice.of(setup.seed(), "world");
        View first = View.empty(setup.timings().leaseNanos());
        this.checks = new Checks(agenda, first);
        this.network =
                new Network(agenda, Dice.of(setup.seed(), "network"), digest, setup.weather(), new WireWatch(checks));
        Nodes nodes = new Nodes(Codecs.view(ViewImage.of(first)), Codecs.term(new TermRecord(0, 0, "none", true, 0)));
        if (!setup.machines().touchesChecked()) {
            nodes.leaveTouchesUnchecked();
        }
        this.coordinator = new Coordinator(
                agenda,
                host("coordinator"),
                network,
                Dice.of(setup.seed(), "coordinator"),
                nodes,
                setup.sessionNanos(),
                new Coordinator.Delays(500_000L, 2_000_000L));
        this.store = new Store(
                agenda,
                host("store"),
                network,
                Dice.of(setup.seed(), "store"),
                digest,
                trace,
                checks.storeWitness(),
                setup.shards(),
                setup.machines().fences(),
                1_000_000L);
        this.around = new Surroundings(
                agenda,
                trace,
                dice,
                network,
                coordinator,
                store,
                checks,
                codecs,
                views,
                new Tally(),
                this::masterAddress);
        IntStream.range(0, setup.masters()).forEach(_ -> masters.add(null));
    }

    // --- what is in it

    public Setup setup() {
        return setup;
    }

    public Surroundings around() {
        return around;
    }

    public Agenda agenda() {
        return agenda;
    }

    public long now() {
        return agenda.now();
    }

    public Trace trace() {
        return trace;
    }

    public Network network() {
        return network;
    }

    public Coordinator coordinator() {
        return coordinator;
    }

    public Store store() {
        return store;
    }

    public Checks checks() {
        return checks;
    }

    /** The fingerprint of everything so far. */
    public long digest() {
        return digest.value();
    }

    public Host host(String name) {
        Host known = hostsByName.get(name);
        if (known != null) {
            return known;
        }
        int drift = setup.driftPpm() == 0 ? 0 : dice.nextInt(2 * setup.driftPpm() + 1) - setup.driftPpm();
        LocalClock clock =
                new LocalClock(dice.nextLong(BOOT_MOST_NANOS), 1_000_000 + drift, dice.nextLong(BOOT_MOST_NANOS));
        Host host = new Host(agenda, hosts.size(), name, clock);
        hosts.add(host);
        hostsByName.put(name, host);
        return host;
    }

    public List<Host> hosts() {
        return Collections.unmodifiableList(hosts);
    }

    // --- masters

    public void startMasters() {
        IntStream.range(0, setup.masters()).forEach(this::startMaster);
    }

    public static String masterName(int index) {
        return "master-" + (index + 1);
    }

    public MasterProcess startMaster(int index) {
        List<String> names =
                IntStream.range(0, setup.masters()).mapToObj(World::masterName).toList();
        MasterConfig config =
                new MasterConfig(names.get(index), names, setup.timings(), setup.plan(), SettingsCatalog.BUILT_IN);
        MasterProcess process = new MasterProcess(
                around,
                host(names.get(index)),
                ++processes,
                names.get(index),
                setup.machines().master().apply(config));
        masters.set(index, process);
        trace.line(process.name(), "starts");
        process.start();
        return process;
    }

    /** The process of a master, dead or alive; null before it was first started. */
    public @Nullable MasterProcess master(int index) {
        return masters.get(index);
    }

    /** The master that leads and whose own lease holds; null if there is none. */
    public @Nullable MasterProcess leader() {
        for (MasterProcess master : masters) {
            if (master != null && master.leads()) {
                return master;
            }
        }
        return null;
    }

    private int masterAddress(int index) {
        MasterProcess master = masters.get(index);
        return master == null ? -1 : master.number();
    }

    // --- members

    /** What every node started from now on does besides belonging to the cluster. */
    public void planes(BiFunction<World, MemberProcess, Plane> newPlanes) {
        planes = newPlanes;
    }

    /** Is told of every member's process that ends by its own will. */
    public void whenOver(Consumer<MemberProcess> told) {
        whenOver = told;
    }

    /** Whether members and masters talk as over UDP; for links opened from now on. */
    public void datagrams(boolean on) {
        datagrams = on;
    }

    /** Starts a process of this name, with a new nonce; an older one that still lives goes on living. */
    public MemberProcess start(NodeSpec spec) {
        specs.put(spec.name(), spec);
        Host host = host(spec.name());
        int number = ++processes;
        MemberConfig config = new MemberConfig(
                spec.name(),
                new Nonce(dice.nextLong(), dice.nextLong()),
                0,
                spec.offers(),
                List.of(spec.name() + ":" + number),
                spec.launched() ? launcher(spec.name()).name() : "",
                previous.getOrDefault(spec.name(), Incarnation.NONE),
                setup.masters(),
                setup.timings());
        MemberProcess.Parts parts = new MemberProcess.Parts(
                setup.machines().member().apply(config, views),
                setup.masters(),
                datagrams,
                setup.timings().beatNanos(),
                setup.machines().ownerFence(),
                this::over);
        MemberProcess process = new MemberProcess(around, host, number, spec.name(), parts);
        members.put(spec.name(), process);
        trace.line(process.name(), "starts as process " + number);
        process.start(planes.apply(this, process));
        return process;
    }

    /** The newest process of a name, dead or alive. */
    public MemberProcess member(String name) {
        MemberProcess process = members.get(name);
        if (process == null) {
            throw new IllegalArgumentException("no node named " + name + " was ever started");
        }
        return process;
    }

    public SortedMap<String, MemberProcess> members() {
        return Collections.unmodifiableSortedMap(members);
    }

    public NodeSpec spec(String name) {
        NodeSpec spec = specs.get(name);
        if (spec == null) {
            throw new IllegalArgumentException("no node named " + name + " was ever started");
        }
        return spec;
    }

    public MemberProcess restart(String name) {
        return start(spec(name));
    }

    /** Kill -9. A launcher that started the process has it certified. */
    public void crash(MemberProcess process) {
        if (!process.isAlive()) {
            return;
        }
        trace.line(process.name(), "is killed");
        Incarnation life = process.self();
        remember(process);
        process.end();
        if (spec(process.name()).launched() && !life.isNone()) {
            launcher(process.name()).certify(process.name(), life, 1_000_000L + dice.nextLong(50_000_000L));
        }
    }

    private void over(MemberProcess process) {
        trace.line(process.name(), () -> "exits: " + process.cause());
        remember(process);
        whenOver.accept(process);
    }

    /** The next process of this name will say that this one was its life before. */
    public void remember(MemberProcess process) {
        if (!process.self().isNone()) {
            previous.put(process.name(), process.self());
        }
    }

    public Launcher launcher(String member) {
        return launchers.computeIfAbsent(
                member, name -> new Launcher(around, host(name), ++processes, "launcher-" + name, setup.masters()));
    }

    // --- time

    /** Lets the next event happen and checks; false when nothing is left to happen. */
    public boolean step() {
        digest.mix(agenda.nextDue());
        boolean stepped = agenda.step();
        checks.afterEvent();
        return stepped;
    }

    /** Lets everything happen that is due up to an instant. */
    public void runTo(long instant) {
        while (agenda.nextDue() <= instant) {
            step();
        }
        agenda.passTo(instant);
    }

    public void runFor(long nanos) {
        runTo(now() + nanos);
    }

    /** Steps until the condition holds; false if it did not come to hold in time. */
    public boolean runUntil(BooleanSupplier condition, long atMostNanos) {
        long limit = now() + atMostNanos;
        while (!condition.getAsBoolean()) {
            if (agenda.nextDue() > limit) {
                agenda.passTo(limit);
                return condition.getAsBoolean();
            }
            step();
        }
        return true;
    }
}
