package dev.berth.lab.scenario;

import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.lab.sim.Machines;
import dev.berth.lab.sim.Setup;
import dev.berth.lab.sim.World;
import dev.berth.lab.sim.app.Toy;
import dev.berth.lab.sim.host.Host;
import dev.berth.lab.sim.host.Process;
import dev.berth.lab.sim.node.MasterProcess;
import dev.berth.lab.sim.node.MemberProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The world that a scenario plays in, and the names by which its commands call things. One thread. */
final class Stage {
    /** Something held back under a name. */
    record Held(IntSupplier count, Runnable release) {}

    final Heard heard = new Heard();
    final Map<String, Held> held = new TreeMap<>();
    final Machines machines;
    /** With a measure taken away things may come otherwise than the commands expect; only a violation counts. */
    final boolean lenient;

    final Map<String, MemberProcess> former = new TreeMap<>();
    /** What a command wants to be read in the results. */
    final List<String> shown = new ArrayList<>();

    private final Map<Integer, Toy> toys = new TreeMap<>();
    private @Nullable World world;

    Stage(Machines machines, boolean lenient) {
        this.machines = machines;
        this.lenient = lenient;
    }

    World world() {
        if (world == null) {
            throw new IllegalStateException("a scenario begins with the command \"cluster\"");
        }
        return world;
    }

    void open(Setup setup) {
        World made = new World(setup.with(machines));
        made.planes((_, process) -> {
            Toy toy = new Toy(made.around(), process, machines.calls());
            toys.put(process.number(), toy);
            return toy;
        });
        made.trace().listener((who, what) -> heard.line(made.now(), who, what));
        world = made;
    }

    Process process(String name) {
        MemberProcess old = former.get(name);
        if (old != null) {
            return old;
        }
        MasterProcess master = name.startsWith("master-") ? world().master(masterIndex(name)) : null;
        return master != null ? master : world().member(name);
    }

    Toy toy(MemberProcess member) {
        Toy toy = toys.get(member.number());
        if (toy == null) {
            throw new IllegalStateException(member.name() + " has no application");
        }
        return toy;
    }

    static int masterIndex(String name) {
        return Integer.parseInt(name.substring("master-".length())) - 1;
    }

    MemberProcess member(String name) {
        if (process(name) instanceof MemberProcess member) {
            return member;
        }
        throw new IllegalArgumentException(name + " is not a node");
    }

    MasterProcess master(String name) {
        if (process(name) instanceof MasterProcess master) {
            return master;
        }
        throw new IllegalArgumentException(name + " is not a master");
    }

    Host host(String name) {
        return name.equals("coordinator") || name.equals("store")
                ? world().host(name)
                : process(name).host();
    }

    static SlotId slot(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("\"" + text + "\" is not a slot like role/1");
        }
        return new SlotId(text.substring(0, slash), Integer.parseInt(text.substring(slash + 1)));
    }

    View view() {
        return world().checks().history().newest();
    }

    @Nullable
    SlotState state(String slot) {
        return view().slot(slot(slot));
    }

    /** The node that serves the slot and may act, or "nobody". */
    String server(String slot) {
        SlotId id = slot(slot);
        SlotState state = view().slot(id);
        if (state == null || !world().checks().isServed(id)) {
            return "nobody";
        }
        Map<String, MemberProcess> all = new TreeMap<>(world().members());
        all.putAll(former);
        return all.entrySet().stream()
                .filter(each -> each.getValue().self().equals(state.owner())
                        && each.getValue().isAlive()
                        && each.getValue().mayAct())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("somebody else");
    }

    void show(String line) {
        shown.add("                      " + line);
    }
}
