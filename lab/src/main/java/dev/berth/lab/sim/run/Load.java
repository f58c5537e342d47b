package dev.berth.lab.sim.run;

import dev.berth.lab.sim.World;
import dev.berth.lab.sim.app.Gate;
import dev.berth.lab.sim.app.Toy;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.node.MemberProcess;
import dev.berth.lab.sim.node.Plane;
import java.util.ArrayList;
import java.util.List;

/** What the nodes of a run do: slots count, gates ask them to. One thread. */
final class Load {
    private record Node(MemberProcess process, Toy toy) {}

    private final List<Node> nodes = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private final long paceNanos;
    private final Dice dice;
    private boolean ended;

    /** @param paceNanos between two operations of one gate, on average */
    Load(long seed, long paceNanos) {
        this.paceNanos = paceNanos;
        this.dice = Dice.of(seed, "load");
    }

    Plane plane(World world, MemberProcess process) {
        Toy toy = new Toy(world.around(), process, world.setup().machines().calls());
        nodes.removeIf(node -> !node.process().isAlive());
        nodes.add(new Node(process, toy));
        boolean asks = world.spec(process.name()).offers().isEmpty() || dice.percent(20);
        if (asks && !ended) {
            Gate gate = new Gate(world.around(), process, toy, paceNanos);
            gates.add(gate);
            gate.open();
        }
        return toy;
    }

    void end() {
        ended = true;
        gates.forEach(Gate::close);
    }

    /** Calls that have not ended, at living nodes. */
    int inFlight() {
        return nodes.stream()
                .filter(node -> node.process().isAlive())
                .mapToInt(node -> node.toy().inFlight())
                .sum();
    }
}
