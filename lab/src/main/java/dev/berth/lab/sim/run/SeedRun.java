package dev.berth.lab.sim.run;

import dev.berth.core.audit.Invariant;
import dev.berth.lab.sim.NodeSpec;
import dev.berth.lab.sim.World;
import dev.berth.lab.sim.check.Violation;
import dev.berth.lab.sim.fault.FaultPlan;
import dev.berth.lab.sim.fault.FaultPlayer;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.node.MemberProcess;
import java.util.Map;
import java.util.TreeMap;

/** One run of one seed. One thread. */
public final class SeedRun {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long MINUTE = 60 * SECOND;
    private static final long FIRST_FAULT_NANOS = 20 * SECOND;
    private static final long CALLS_END_NANOS = 30 * SECOND;

    private final Order order;
    private final Swarm swarm;
    private final World world;
    private final FaultPlayer player;
    private final Settling settling;
    private final Load load;
    private final Dice dice;
    private final Map<String, Integer> refusals = new TreeMap<>();
    private long settledNanos;
    private long coldStartViews;

    public SeedRun(Order order) {
        this.order = order;
        this.swarm = Swarm.draw(order);
        this.world = new World(swarm.setup());
        this.player = new FaultPlayer(world);
        this.settling = new Settling(world);
        this.dice = Dice.of(order.seed(), "run");
        this.load = new Load(order.seed(), order.nodes());
        world.planes(load::plane);
        order.muted().forEach(world.checks()::mute);
    }

    public World world() {
        return world;
    }

    public Result run() {
        Violation violation = null;
        try {
            play();
        } catch (Violation found) {
            violation = found;
        } catch (RuntimeException broken) {
            violation = new Violation(Invariant.MACHINE, broken.toString());
            violation.initCause(broken);
        }
        if (violation != null) {
            world.trace().line("VIOLATION", violation.invariant() + ": " + violation.getMessage());
        }
        return new Result(
                order,
                violation,
                violation == null ? 0 : world.now(),
                world.agenda().fired(),
                player.played(),
                settledNanos,
                world.now(),
                world.digest(),
                world.checks().history().newest().number(),
                new Traffic(
                        world.around().tally().deltas(),
                        world.around().tally().deltaBytes(),
                        world.around().tally().records(),
                        world.around().tally().recordBytes()),
                coldStartViews,
                world.checks().acknowledgedCount(),
                world.trace().lines(),
                world.trace().dropped());
    }

    /** The faults that a run will have. */
    static FaultPlan plan(Order order) {
        return FaultPlan.draw(order.seed(), FIRST_FAULT_NANOS, order.minutes() * MINUTE)
                .without(order.withoutKinds(), order.withoutFaults());
    }

    private void play() {
        long end = order.minutes() * MINUTE;
        world.datagrams(swarm.datagrams());
        world.whenOver(this::startAgain);
        world.startMasters();
        for (NodeSpec node : swarm.nodes()) {
            world.agenda()
                    .in(
                            swarm.startWithinNanos() == 0 ? 0 : dice.nextLong(swarm.startWithinNanos()),
                            () -> world.start(node));
        }
        if (coldStart() && swarm.startWithinNanos() == 0) {
            coldStartViews = world.checks().history().newest().number();
        }
        player.schedule(plan(order));
        world.runTo(end);
        player.calm();
        settle();
        endCalls();
        world.checks().atTheEnd(world.store());
    }

    private boolean coldStart() {
        while (world.now() < FIRST_FAULT_NANOS) {
            if (world.members().size() == swarm.nodes().size() && settling.isDone()) {
                return true;
            }
            world.runFor(100 * MILLI);
        }
        return false;
    }

    private void settle() {
        long bound = Settling.boundNanos(
                swarm.setup().timings(),
                swarm.setup().sessionNanos(),
                swarm.nodes().size());
        long from = world.now();
        // Looked at now and then, not after every event: looking costs as much as the cluster is large.
        long pace = 250 * MILLI;
        while (!settling.isDone()) {
            if (world.now() - from >= bound) {
                world.checks().fail(Invariant.I8, bound / SECOND + " s after the last fault " + settling.lacks(), null);
                return;
            }
            world.runFor(pace);
        }
        settledNanos = world.now() - from;
    }

    /** Every call ends at its deadline at the latest. */
    private void endCalls() {
        load.end();
        long until = world.now() + CALLS_END_NANOS;
        while (!load.inFlight().isEmpty()) {
            if (world.now() >= until) {
                world.checks()
                        .fail(
                                Invariant.I8,
                                CALLS_END_NANOS / SECOND + " s after the last call began there are open ones: "
                                        + load.inFlight(),
                                null);
                return;
            }
            world.runFor(250 * MILLI);
        }
    }

    /** A node that exits, because it was expelled or refused, comes back; ever later while it is refused again and again. */
    private void startAgain(MemberProcess process) {
        int exits = process.self().isNone() ? refusals.merge(process.name(), 1, Integer::sum) : 0;
        if (exits == 0) {
            refusals.remove(process.name());
        }
        long pause = (500 * MILLI + dice.nextLong(2 * SECOND)) << Math.min(exits, 5);
        world.agenda().in(pause, () -> {
            if (world.member(process.name()) == process) {
                world.restart(process.name());
            }
        });
    }
}
