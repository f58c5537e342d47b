package dev.berth.lab.sim.app;

import dev.berth.core.registry.RegistryKey;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.node.MemberProcess;
import dev.berth.lab.sim.node.Surroundings;
import org.jspecify.annotations.Nullable;

/** Wants keys of the registry that others want too, keeps them for a while, and looks others up. One thread: its process. */
public final class RegistryUser {
    private static final int KEYS = 8;

    private final Surroundings around;
    private final MemberProcess process;
    private final Toy toy;
    private final long paceNanos;
    private final Dice dice;
    private @Nullable RegistryKey wanted;
    private long handles;
    private long tickets;
    private boolean closed;

    public RegistryUser(Surroundings around, MemberProcess process, Toy toy, long paceNanos) {
        this.around = around;
        this.process = process;
        this.toy = toy;
        this.paceNanos = paceNanos;
        this.dice = new Dice(around.dice().nextLong());
    }

    public void open() {
        around.agenda().in(1 + dice.nextLong(2 * paceNanos), () -> process.post(this::next));
    }

    public void close() {
        closed = true;
    }

    private void next() {
        Registrar registrar = toy.registrar();
        if (closed) {
            return;
        }
        if (registrar != null) {
            RegistryKey held = wanted;
            if (held == null) {
                wanted = key();
                registrar.enroll(wanted, registrar.handle(++handles));
            } else if (dice.oneIn(3)) {
                registrar.withdraw(held, registrar.handle(handles));
                wanted = null;
            }
            registrar.find(key(), ++tickets);
        }
        open();
    }

    private RegistryKey key() {
        return RegistryKey.of("player", Integer.toString(dice.nextInt(KEYS)));
    }
}
