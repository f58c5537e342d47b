package dev.berth.lab.sim.fault;

import dev.berth.lab.sim.World;
import dev.berth.lab.sim.host.Host;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.node.MemberProcess;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Lets the faults of a plan happen to a world, and ends them all when told. One thread. */
public final class FaultPlayer {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;

    private final World world;
    private final MasterFaults masterFaults;
    private final NetworkFaults networkFaults;
    private final Operators operators;
    private final Map<FaultKind, Integer> played = new EnumMap<>(FaultKind.class);
    private boolean calm;

    public FaultPlayer(World world) {
        this.world = world;
        this.masterFaults = new MasterFaults(world, () -> calm);
        this.networkFaults = new NetworkFaults(world, () -> calm);
        this.operators = new Operators(world);
    }

    public void schedule(FaultPlan plan) {
        plan.faults().forEach(fault -> world.agenda().at(fault.atNanos(), () -> play(fault)));
    }

    /** How many faults of each kind there were. */
    public Map<FaultKind, Integer> played() {
        return played;
    }

    public Operators operators() {
        return operators;
    }

    private void play(Fault fault) {
        if (calm) {
            return;
        }
        played.merge(fault.kind(), 1, Integer::sum);
        world.trace().line("FAULT", fault::toString);
        Dice dice = new Dice(fault.seed());
        switch (fault.kind()) {
            case CRASH -> crash(any(dice), dice);
            case PAUSE -> any(dice).holdFor(pause(dice));
            case PAUSE_MIDWAY -> any(dice).holdAfter(1 + dice.nextInt(40), pause(dice));
            case DOUBLE_START -> doubleStart(dice);
            case SUSPEND_MACHINE -> freeze(any(dice).host(), false, dice);
            case FREEZE_MACHINE -> freeze(any(dice).host(), true, dice);
            case CLOCK_STEP -> {
                long step = dice.spread(MILLI, 3_600 * SECOND);
                anyHost(dice).clock().stepWall(dice.nextBoolean() ? step : -step);
            }
            case CLOCK_RATE -> anyHost(dice).setRate(rate(dice));
            case ISOLATE, DEAFEN, MUTE, CUT_ONE_WAY, SPLIT, RESET, SLOW -> networkFaults.play(fault.kind(), dice);
            case CRASH_MANY -> crashMany(dice);
            case MASTER_CRASH,
                    MASTER_PAUSE,
                    MASTER_PAUSE_MIDWAY,
                    MASTER_CUT_OFF,
                    MASTER_RESIGN,
                    COORDINATOR_OUTAGE,
                    COORDINATOR_TROUBLE -> masterFaults.play(fault.kind(), dice);
            case STORE_FAIL_OVER -> {
                int shard = dice.nextInt(world.store().shardCount());
                if (dice.nextBoolean()) {
                    world.store().stopReplication(shard);
                }
                world.agenda()
                        .in(
                                dice.spread(MILLI, SECOND),
                                () -> world.store().failOver(shard, 100 * MILLI + dice.nextLong(5 * SECOND)));
            }
            case STORE_PAUSE ->
                world.store().pause(dice.nextInt(world.store().shardCount()), dice.spread(10 * MILLI, 20 * SECOND));
            case DRAIN -> operators.drain(any(dice), dice.spread(SECOND, 60 * SECOND), dice);
            case RESIZE -> operators.resize(any(dice), dice);
        }
    }

    private MemberProcess any(Dice dice) {
        List<MemberProcess> all = new ArrayList<>(world.members().values());
        return dice.pick(all);
    }

    private Host anyHost(Dice dice) {
        return dice.pick(world.hosts());
    }

    static long pause(Dice dice) {
        return dice.spread(10 * MILLI, 40 * SECOND);
    }

    private int rate(Dice dice) {
        int most = world.setup().driftPpm();
        return 1_000_000 - most + dice.nextInt(2 * most + 1);
    }

    private void crash(MemberProcess process, Dice dice) {
        world.crash(process);
        world.agenda().in(dice.spread(10 * MILLI, 30 * SECOND), () -> startAgain(process));
    }

    private void startAgain(MemberProcess process) {
        if (world.member(process.name()) == process && !process.isAlive()) {
            world.restart(process.name());
        }
    }

    private void crashMany(Dice dice) {
        int percent = 10 + dice.nextInt(60);
        for (MemberProcess process : List.copyOf(world.members().values())) {
            if (dice.percent(percent)) {
                crash(process, dice);
            }
        }
    }

    private void doubleStart(Dice dice) {
        MemberProcess old = any(dice);
        if (old.isAlive()) {
            old.holdFor(pause(dice));
            world.agenda().in(dice.spread(10 * MILLI, 10 * SECOND), () -> {
                if (world.member(old.name()) == old) {
                    world.restart(old.name());
                }
            });
        }
    }

    private void freeze(Host host, boolean unseen, Dice dice) {
        host.freeze(unseen);
        world.agenda().in(pause(dice), () -> {
            host.thaw();
            if (unseen) {
                host.clock().stepWall(dice.spread(MILLI, 40 * SECOND));
            }
        });
    }

    /** From now on nothing goes wrong any more: everything is healed, continued and started. */
    public void calm() {
        calm = true;
        world.trace().line("FAULT", "no more faults from now on");
        world.network().healAll();
        world.network().weather(world.network().weather().calmed());
        masterFaults.calm();
        world.store().calm();
        for (Host host : world.hosts()) {
            host.thaw();
            List.copyOf(host.processes()).forEach(process -> process.letGoWholly());
        }
        for (MemberProcess process : List.copyOf(world.members().values())) {
            startAgain(process);
        }
        operators.calm();
    }
}
