package dev.berth.lab.sim.fault;

import dev.berth.lab.sim.World;
import dev.berth.lab.sim.host.Host;
import dev.berth.lab.sim.host.Process;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.net.Line;
import dev.berth.lab.sim.net.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Cuts, resets and slowness, each of which ends after a while. One thread. */
final class NetworkFaults {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;

    private final World world;
    private final BooleanSupplier calm;

    NetworkFaults(World world, BooleanSupplier calm) {
        this.world = world;
        this.calm = calm;
    }

    void play(FaultKind kind, Dice dice) {
        Network network = world.network();
        Host host = dice.pick(world.hosts());
        switch (kind) {
            case ISOLATE -> {
                network.mute(host, true);
                network.deafen(host, true);
                later(dice, () -> {
                    network.mute(host, false);
                    network.deafen(host, false);
                });
            }
            case DEAFEN -> {
                network.deafen(host, true);
                later(dice, () -> network.deafen(host, false));
            }
            case MUTE -> {
                network.mute(host, true);
                later(dice, () -> network.mute(host, false));
            }
            case CUT_ONE_WAY -> {
                Host other = dice.pick(world.hosts());
                network.cut(host, other);
                later(dice, () -> network.heal(host, other));
            }
            case SPLIT -> split(dice);
            case RESET -> reset(host, dice);
            case SLOW -> {
                network.slow(host, 2 + dice.nextInt(500));
                later(dice, () -> network.slow(host, 1));
            }
            default -> throw new IllegalArgumentException(kind + " is no fault of the network");
        }
    }

    private void later(Dice dice, Runnable end) {
        world.agenda().in(dice.spread(50 * MILLI, 60 * SECOND), () -> {
            if (!calm.getAsBoolean()) {
                end.run();
            }
        });
    }

    private void split(Dice dice) {
        List<Host> inside = new ArrayList<>();
        for (Host host : world.hosts()) {
            if (dice.percent(30)) {
                inside.add(host);
            }
        }
        later(dice, world.network().wallIn(inside, dice.nextBoolean()));
    }

    private void reset(Host host, Dice dice) {
        for (Process process : List.copyOf(host.processes())) {
            for (Line line : world.network().linesOf(process.number())) {
                if (dice.percent(70)) {
                    world.network().reset(line, dice.percent(80), dice.percent(80));
                }
            }
        }
    }
}
