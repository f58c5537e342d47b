package dev.berth.core.registry;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.NodeId;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One seed: work and faults, then work without faults, then the question whether everybody agrees. */
final class ToyStorm {
    private static final int NODES = 6;
    private static final long STORM = 12_000;
    private static final long CALM = 18_000;
    private static final long LONGEST = 3 * ToyCluster.LEASE;

    /** How often, in thousandths of a fault's turn, what goes wrong. */
    record Weather(int pauses, int masterStalls, int stalls, int resets, int crashes, int drains) {
        /** Leases lapse, nodes are replaced. */
        static final Weather ROUGH = new Weather(60, 50, 80, 60, 6, 25);

        /** Nobody lapses; slots move all the time, and answers come late. */
        static final Weather MOVING = new Weather(0, 0, 250, 10, 0, 150);
    }

    private final ToyCluster cluster;
    private final Weather weather;

    private ToyStorm(ToyCluster cluster, Weather weather) {
        this.cluster = cluster;
        this.weather = weather;
    }

    static ToyStorm play(long seed, Weather weather, ToyCluster.Makers makers, boolean told) {
        ToyStorm storm = new ToyStorm(new ToyCluster(seed, makers, told), weather);
        storm.play();
        return storm;
    }

    @Nullable
    String violation() {
        return cluster.oracle.violation();
    }

    String story() {
        return cluster.story.toString();
    }

    TreeMap<String, Integer> counts() {
        return cluster.oracle.counts();
    }

    private void play() {
        for (int id = 1; id <= NODES; id++) {
            start(id);
        }
        every(50, cluster.master::tick);
        every(30, this::fault);
        cluster.runUntil(CALM);
        if (violation() == null) {
            agree();
        }
    }

    private void every(long period, Runnable run) {
        cluster.at(cluster.now + period, () -> {
            run.run();
            every(period, run);
        });
    }

    private void start(int id) {
        ToyNode node = cluster.master.admit(id);
        cluster.nodes.put(id, node);
        loop(node, ToyCluster.BEAT, node::beat);
        loop(node, 10, node::advance);
        loop(node, 15, () -> work(node));
    }

    private void loop(ToyNode node, long period, Runnable run) {
        cluster.at(
                cluster.now + 1 + cluster.random.nextLong(period),
                () -> node.step(() -> {
                    run.run();
                    loop(node, period, run);
                }));
    }

    private void work(ToyNode node) {
        if (cluster.now >= CALM) {
            return;
        }
        RegistryKey key = cluster.oracle.keys.get(cluster.random.nextInt(cluster.oracle.keys.size()));
        switch (cluster.random.nextInt(12)) {
            case 0, 1, 2 -> node.enroll(key);
            case 3 -> node.withdraw(key);
            case 4, 5 -> node.restate(key, "s" + cluster.now);
            case 6, 7, 8, 9 -> cluster.oracle.ask(node, key, 1_000);
            default -> {}
        }
    }

    private void fault() {
        for (int id = 1; id <= NODES; id++) {
            ToyNode node = cluster.nodes.get(id);
            if (node != null && node.dead && cluster.master.mayReplace(node.self) && cluster.chance(20)) {
                start(id);
            }
        }
        List<ToyNode> alive = cluster.alive();
        if (cluster.now > STORM || alive.size() < 2) {
            return;
        }
        ToyNode one = alive.get(cluster.random.nextInt(alive.size()));
        ToyNode other = alive.get(cluster.random.nextInt(alive.size()));
        if (cluster.chance(weather.pauses())) {
            one.pausedUntil = cluster.now + cluster.random.nextLong(LONGEST);
            cluster.say(() -> one.self + " paused until " + one.pausedUntil);
        }
        if (cluster.chance(weather.masterStalls())) {
            cluster.stall(Incarnation.NONE, one.self, cluster.now + cluster.random.nextLong(LONGEST));
        }
        if (cluster.chance(weather.masterStalls())) {
            cluster.stall(one.self, Incarnation.NONE, cluster.now + cluster.random.nextLong(LONGEST));
        }
        if (one != other && cluster.chance(weather.stalls())) {
            cluster.stall(one.self, other.self, cluster.now + cluster.random.nextLong(LONGEST));
        }
        if (one != other && cluster.chance(weather.resets())) {
            cluster.reset(one, other);
        }
        if (cluster.chance(weather.crashes())) {
            cluster.say(() -> one.self + " crashes");
            one.dead = true;
        }
        if (cluster.chance(weather.drains())) {
            cluster.master.drainSomething();
        }
    }

    /** What a process wants, its node holds; what is held, everybody finds where it is; what is not, nobody finds. */
    private void agree() {
        cluster.runUntil(CALM + 2_000);
        List<ToyNode> alive = cluster.alive();
        TreeMap<Long, RegistryKey> asked = new TreeMap<>();
        for (ToyNode node : alive) {
            for (RegistryKey key : cluster.oracle.keys) {
                node.step(() -> asked.put(cluster.oracle.ask(node, key, 1_000), key));
            }
        }
        cluster.runUntil(CALM + 4_000);
        asked.forEach(this::agrees);
        for (ToyNode node : alive) {
            for (RegistryKey key : cluster.oracle.keys) {
                if (node.wants(key) != node.front.holds(key)) {
                    cluster.oracle.violated(
                            node.self + (node.wants(key) ? " still waits for " : " still holds ") + key);
                }
            }
        }
    }

    private void agrees(long ticket, RegistryKey key) {
        Incarnation holder = cluster.oracle.holder(key);
        Incarnation told = switch (cluster.oracle.answer(ticket)) {
            case RegistryLookup.Found found -> found.entry().holder();
            case RegistryLookup.Absent _ -> Incarnation.NONE;
            case RegistryLookup.Unknown _ -> new Incarnation(NodeId.NONE, Long.MAX_VALUE);
            case null -> new Incarnation(NodeId.NONE, Long.MAX_VALUE);
        };
        if (!told.equals(holder)) {
            cluster.oracle.violated(key + " is held by " + holder + ", but ticket " + ticket + " was told "
                    + cluster.oracle.answer(ticket));
        }
    }
}
