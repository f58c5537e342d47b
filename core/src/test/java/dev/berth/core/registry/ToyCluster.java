package dev.berth.core.registry;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;

// Just enough of a cluster to move registry slots between nodes under load: virtual time in milliseconds, links that
// keep their order but stall and reset, nodes that pause and crash, and a master that never fails. Leases, barrier
// and floor follow the protocol without drift of clocks, which is the full simulator's business.

/** A small world for the registry's machines. */
final class ToyCluster {
    static final long LEASE = 500;
    static final long BEAT = 100;
    static final long CALL_LIMIT = 1_200;
    static final String SERVICE = "registry";
    static final int SLOTS = 2;
    private static final List<SlotId> SLOT_IDS = List.of(new SlotId(SERVICE, 1), new SlotId(SERVICE, 2));

    /** Makes the machines, so that a test can take one measure away. */
    interface Makers {
        RegistryFront front(Incarnation self, ToyCluster cluster);

        RegistryOwner owner(Grant grant, View view);
    }

    private record Task(long at, long seq, Runnable run) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(seq, other.seq);
        }
    }

    private record Ends(Incarnation from, Incarnation to) {}

    /** One direction between two lives. */
    private static final class Link {
        long lastArrival;
        long connection = 1;
        long stalledUntil;
    }

    final SplittableRandom random;
    final Makers makers;
    final RegistryOracle oracle = new RegistryOracle(this);
    final ToyMaster master = new ToyMaster(this);
    final TreeMap<Integer, ToyNode> nodes = new TreeMap<>();
    final StringBuilder story = new StringBuilder();
    private final boolean told;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final LinkedHashMap<Ends, Link> links = new LinkedHashMap<>();
    private long seq;
    long now = 1;

    /** @param told whether to write down what happens */
    ToyCluster(long seed, Makers makers, boolean told) {
        this.told = told;
        this.random = new SplittableRandom(seed);
        this.makers = makers;
    }

    static SlotId slotOf(RegistryKey key) {
        return SLOT_IDS.get(Math.floorMod(key.id().hashCode(), SLOTS));
    }

    void at(long when, Runnable run) {
        tasks.add(new Task(Math.max(now, when), seq++, run));
    }

    boolean chance(int perThousand) {
        return random.nextInt(1_000) < perThousand;
    }

    /** Runs until the time, judging after every step; stops at the first violation. */
    void runUntil(long end) {
        while (oracle.violation() == null && !tasks.isEmpty() && tasks.peek().at() <= end) {
            Task task = tasks.poll();
            now = task.at();
            task.run().run();
            oracle.judge();
        }
        now = Math.max(now, end);
    }

    void say(Supplier<String> line) {
        if (told) {
            story.append(now).append(' ').append(line.get()).append('\n');
        }
    }

    List<ToyNode> alive() {
        List<ToyNode> alive = new ArrayList<>();
        nodes.values().stream().filter(node -> !node.dead).forEach(alive::add);
        return alive;
    }

    private Link link(Incarnation from, Incarnation to) {
        return links.computeIfAbsent(new Ends(from, to), _ -> new Link());
    }

    /** Delivers in order after a random delay, unless the connection is reset before. Returns the connection's number. */
    long send(Incarnation from, Incarnation to, Runnable delivery) {
        Link link = link(from, to);
        long connection = link.connection;
        long arrival = Math.max(now + 1 + random.nextInt(20), link.stalledUntil + 1);
        link.lastArrival = Math.max(link.lastArrival, arrival);
        at(link.lastArrival, () -> {
            if (link.connection == connection) {
                delivery.run();
            }
        });
        return connection;
    }

    void stall(Incarnation a, Incarnation b, long until) {
        link(a, b).stalledUntil = until;
    }

    /** What is under way between the two is lost; each side learns of it before anything else comes from the other. */
    void reset(ToyNode a, ToyNode b) {
        Link there = link(a.self, b.self);
        Link back = link(b.self, a.self);
        there.connection++;
        back.connection++;
        there.stalledUntil = 0;
        back.stalledUntil = 0;
        there.lastArrival = now;
        back.lastArrival = now;
        long renewed = there.connection;
        send(a.self, b.self, () -> b.step(() -> b.disconnected(a.self, renewed)));
        send(b.self, a.self, () -> a.step(() -> a.disconnected(b.self, renewed)));
    }
}
