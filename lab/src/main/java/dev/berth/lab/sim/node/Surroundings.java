package dev.berth.lab.sim.node;

import dev.berth.lab.sim.check.Checks;
import dev.berth.lab.sim.coordinator.Coordinator;
import dev.berth.lab.sim.kernel.Agenda;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.kernel.Trace;
import dev.berth.lab.sim.net.Network;
import dev.berth.lab.sim.store.Store;
import java.util.function.IntUnaryOperator;

/**
 * What every process of a world has around it.
 *
 * @param masterAddress the process that listens at the address of a master, or -1
 */
public record Surroundings(
        Agenda agenda,
        Trace trace,
        Dice dice,
        Network network,
        Coordinator coordinator,
        Store store,
        Checks checks,
        Codecs codecs,
        SharedViews views,
        Tally tally,
        IntUnaryOperator masterAddress) {}
