package dev.berth.lab.sim.fault;

import dev.berth.lab.sim.World;
import dev.berth.lab.sim.coordinator.Troubles;
import dev.berth.lab.sim.host.Host;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.node.MasterProcess;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What happens to masters and to the coordinator. Mostly it is the leader that is hit. One thread. */
final class MasterFaults {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final int LEADER_PERCENT = 75;

    private final World world;
    private final BooleanSupplier calm;

    MasterFaults(World world, BooleanSupplier calm) {
        this.world = world;
        this.calm = calm;
    }

    void play(FaultKind kind, Dice dice) {
        switch (kind) {
            case COORDINATOR_OUTAGE -> {
                world.coordinator().goDown();
                later(dice.spread(100 * MILLI, 60 * SECOND), world.coordinator()::comeUp);
            }
            case COORDINATOR_TROUBLE -> {
                world.coordinator().troubles(draw(dice));
                later(
                        dice.spread(SECOND, 60 * SECOND),
                        () -> world.coordinator().troubles(Troubles.NONE));
            }
            default -> {
                MasterProcess master = victim(dice);
                if (master != null && master.isAlive()) {
                    strike(kind, master, dice);
                }
            }
        }
    }

    private static Troubles draw(Dice dice) {
        return new Troubles(
                dice.nextInt(150),
                dice.nextInt(150),
                dice.nextInt(150),
                dice.nextInt(60),
                dice.spread(SECOND, 30 * SECOND),
                dice.nextBoolean());
    }

    private @Nullable MasterProcess victim(Dice dice) {
        MasterProcess leader = world.leader();
        int any = dice.nextInt(world.setup().masters());
        return leader != null && dice.percent(LEADER_PERCENT) ? leader : world.master(any);
    }

    private void strike(FaultKind kind, MasterProcess master, Dice dice) {
        switch (kind) {
            case MASTER_CRASH -> {
                world.trace().line(master.name(), "is killed");
                master.end();
                later(dice.spread(50 * MILLI, 30 * SECOND), () -> startAgain(master));
            }
            case MASTER_PAUSE -> master.holdFor(FaultPlayer.pause(dice));
            case MASTER_PAUSE_MIDWAY -> master.holdAfter(1 + dice.nextInt(60), FaultPlayer.pause(dice));
            case MASTER_CUT_OFF -> {
                Host coordinator = world.coordinator().host();
                world.network().cut(master.host(), coordinator);
                later(
                        dice.spread(100 * MILLI, 60 * SECOND),
                        () -> world.network().heal(master.host(), coordinator));
            }
            case MASTER_RESIGN -> {
                master.resign();
                world.agenda().in(SECOND, master::end);
                later(2 * SECOND + dice.spread(50 * MILLI, 30 * SECOND), () -> startAgain(master));
            }
            default -> throw new IllegalArgumentException(kind + " is no fault of a master");
        }
    }

    private void later(long nanos, Runnable end) {
        world.agenda().in(nanos, () -> {
            if (!calm.getAsBoolean()) {
                end.run();
            }
        });
    }

    private void startAgain(MasterProcess master) {
        for (int i = 0; i < world.setup().masters(); i++) {
            if (world.master(i) == master && !master.isAlive()) {
                world.startMaster(i);
            }
        }
    }

    void calm() {
        if (world.coordinator().isDown()) {
            world.coordinator().comeUp();
        }
        world.coordinator().troubles(Troubles.NONE);
        for (int i = 0; i < world.setup().masters(); i++) {
            MasterProcess master = world.master(i);
            if (master != null && !master.isAlive()) {
                world.startMaster(i);
            }
        }
    }
}
