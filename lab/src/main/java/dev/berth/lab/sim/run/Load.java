package dev.berth.lab.sim.run;

import dev.berth.lab.sim.World;
import dev.berth.lab.sim.app.Gate;
import dev.berth.lab.sim.app.RegistryUser;
import dev.berth.lab.sim.app.Toy;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.node.MemberProcess;
import dev.berth.lab.sim.node.Plane;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the nodes of a run do: slots count, gates ask them to. One thread. */
final class Load {
    private static final int BUSY_NODES = 100;
    private static final long GATE_PACE_NANOS = 2_000_000_000L;
    private static final long USER_PACE_NANOS = 4_000_000_000L;

    private record Node(MemberProcess process, Toy toy) {}

    private final List<Node> nodes = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private final List<RegistryUser> users = new ArrayList<>();
    private final int percent;
    private final Dice dice;
    private boolean ended;

    /** In a large cluster only some nodes do anything, so that its size is felt where it matters: in the views. */
    Load(long seed, int nodeCount) {
        this.percent = Math.max(1, 100 * BUSY_NODES / Math.max(BUSY_NODES, nodeCount));
        this.dice = Dice.of(seed, "load");
    }

    Plane plane(World world, MemberProcess process) {
        Toy toy = new Toy(world.around(), process, world.setup().machines().calls());
        nodes.removeIf(node -> !node.process().isAlive());
        nodes.add(new Node(process, toy));
        boolean busy = !ended && dice.percent(percent);
        boolean asks = world.spec(process.name()).offers().isEmpty() || dice.percent(20);
        if (busy && asks) {
            Gate gate = new Gate(world.around(), process, toy, GATE_PACE_NANOS);
            gates.add(gate);
            gate.open();
        }
        if (busy && dice.percent(30)) {
            RegistryUser user = new RegistryUser(world.around(), process, toy, USER_PACE_NANOS);
            users.add(user);
            user.open();
        }
        return toy;
    }

    void end() {
        ended = true;
        gates.forEach(Gate::close);
        users.forEach(RegistryUser::close);
    }

    /** Which living nodes have calls that have not ended, in words; empty if none has. */
    String inFlight() {
        return nodes.stream()
                .filter(node -> node.process().isAlive() && node.toy().inFlight() > 0)
                .map(node -> node.toy().inFlight() + " at " + node.process().name() + " ("
                        + node.process().self() + (node.process().mayAct() ? ")" : ", which may not act)"))
                .collect(Collectors.joining(", "));
    }
}
