package dev.berth.lab.sim.run;

import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.Timings;
import dev.berth.lab.sim.NodeSpec;
import dev.berth.lab.sim.Setup;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.net.Weather;
import java.util.ArrayList;
import java.util.List;

/**
 * What a seed's cluster looks like, apart from its faults.
 *
 * @param startWithinNanos the nodes start within this time; 0 = all at once
 */
record Swarm(Setup setup, List<NodeSpec> nodes, boolean datagrams, long startWithinNanos) {
    private static final long MICRO = 1_000L;
    private static final long MILLI = 1_000 * MICRO;
    private static final long SECOND = 1_000 * MILLI;

    static Swarm draw(Order order) {
        Dice dice = Dice.of(order.seed(), "swarm");
        Timings timings = timings(dice);
        int drift = dice.pick(List.of(0, 100, 10_000, timings.driftPercent() * 10_000));
        Weather weather = weather(dice);
        List<NodeSpec> nodes = new ArrayList<>();
        List<ServicePlan> plan = new ArrayList<>();
        fill(order.nodes(), dice, nodes, plan);
        Setup setup = new Setup(
                order.seed(),
                order.masters(),
                timings,
                plan,
                weather,
                drift,
                1 + dice.nextInt(3),
                6 * SECOND,
                order.machines(),
                order.traceLines());
        long startWithin = dice.nextBoolean() ? 0 : dice.spread(MILLI, 15 * SECOND);
        return new Swarm(setup, nodes, weather.datagrams(), startWithin);
    }

    /** At most half is too much, and never more than a few: whoever finds no vacancy asks again and again. */
    private static int surplus(int offered) {
        return Math.min(offered / 2, 20);
    }

    private static Timings timings(Dice dice) {
        Timings base = dice.percent(70) ? Timings.DEFAULT : Timings.DEFAULT.dividedBy(2);
        if (dice.percent(80)) {
            return base;
        }
        // Touching is optional (rule 25).
        return new Timings(
                base.beatNanos(),
                base.suspicionNanos(),
                base.leaseNanos(),
                base.driftPercent(),
                base.leaderLeaseNanos(),
                base.ackNanos(),
                0,
                base.drainNanos(),
                base.gatherNanos());
    }

    private static Weather weather(Dice dice) {
        boolean datagrams = dice.percent(40);
        boolean tail = dice.nextBoolean();
        return new Weather(
                dice.spread(20 * MICRO, 5 * MILLI),
                dice.spread(10 * MICRO, 20 * MILLI),
                tail ? 1 + dice.nextInt(4) : 0,
                tail ? dice.spread(MILLI, 2 * SECOND) : 0,
                datagrams,
                datagrams ? dice.nextInt(20) : 0,
                datagrams ? dice.nextInt(10) : 0,
                dice.spread(3 * SECOND, 30 * SECOND));
    }

    /** Every member reports to every new owner of a registry slot: in a large cluster that would be all that happens. */
    private static final int REGISTRY_NODES_MAX = 500;

    /** Half of the nodes play roles, a quarter keeps bags and the registry, the rest are gates. */
    private static void fill(int count, Dice dice, List<NodeSpec> nodes, List<ServicePlan> plan) {
        int roles = Math.max(1, count / 2);
        int bags = Math.max(1, count / 4);
        int slots = 1 + dice.nextInt(3);
        boolean standby = dice.nextBoolean();
        int launched = dice.pick(List.of(0, 50, 100));
        int roleCapacity = Math.max(1, roles * slots - dice.nextInt(surplus(roles * slots) + 1));
        int bagCapacity = Math.max(1, bags - dice.nextInt(surplus(bags) + 1));
        plan.add(new ServicePlan("role", roleCapacity, 0, dice.nextBoolean()));
        plan.add(ServicePlan.bucketed("bag", bagCapacity, bagCapacity * (2 + dice.nextInt(4))));
        List<Offer> bag = new ArrayList<>(List.of(new Offer("bag", 4, false)));
        if (count <= REGISTRY_NODES_MAX) {
            plan.add(ServicePlan.plain("reg", Math.max(1, Math.min(4, bags))));
            bag.add(new Offer("reg", 2, false));
        }
        for (int i = 1; i <= count; i++) {
            NodeSpec spec = i <= roles
                    ? new NodeSpec("role-" + i, List.of(new Offer("role", slots, standby)), dice.percent(launched))
                    : i <= roles + bags
                            ? new NodeSpec("bag-" + i, bag, dice.percent(launched))
                            : new NodeSpec("gate-" + i, List.of(), dice.percent(launched));
            nodes.add(spec);
        }
    }
}
