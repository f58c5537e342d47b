package dev.berth.node.process;

import dev.berth.core.call.Address;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The processes of one node. Any thread. */
public final class Processes implements AutoCloseable {
    static final Restart GO_ON = new Restart.GoOn();
    /** Processes that wait for each other, one for the next. */
    static final int CHAIN_MAX = 64;

    private static final int MAILBOX_MAX = 4_096;

    private final Address first;
    private final Runners runners;
    private final ProcessTable table = new ProcessTable();
    private final Clockwork clockwork = new Clockwork();

    /**
     * @param first the address of the first process of this life
     * @param mayRun whether the node may act
     */
    public Processes(Address first, int processors, BooleanSupplier mayRun) {
        this.first = first;
        this.runners = new Runners(processors, mayRun);
    }

    Runners runners() {
        return runners;
    }

    Clockwork clockwork() {
        return clockwork;
    }

    int mailboxMax() {
        return MAILBOX_MAX;
    }

    Address address(long number) {
        return new Address(first.value() + number);
    }

    public int count() {
        return table.count();
    }

    /** A process with its behavior, which is made on this thread. */
    public <M> ProcessRef<M> spawn(Function<Self<M>, Behavior<M>> made) {
        return spawn(GO_ON, made);
    }

    @SuppressWarnings("unchecked") // the way to it takes what its behavior takes
    public <M> ProcessRef<M> spawn(Restart restart, Function<Self<M>, Behavior<M>> made) {
        int number = table.reserve();
        LocalProcess process = new LocalProcess(this, number);
        if (!(restart instanceof Restart.GoOn)) {
            Extras extras = process.extras();
            extras.restart = restart;
            extras.made = (Function<Self<Object>, Behavior<Object>>) (Function<?, ?>) made;
        }
        Behavior<M> behavior;
        try {
            behavior = made.apply((Self<M>) process);
        } catch (RuntimeException | Error thrown) {
            process.endMailbox();
            table.release();
            throw thrown;
        }
        table.put(number, process);
        process.begin((Behavior<Object>) behavior);
        return (ProcessRef<M>) process;
    }

    /** The way to the process of this node that has the address; whether there is one shows when it is used. */
    @SuppressWarnings("unchecked") // whoever has the address knows what it takes
    public <M> ProcessRef<M> at(Address address) {
        LocalProcess local = find(address);
        return local == null ? new Nobody<>(address) : (ProcessRef<M>) local;
    }

    @Nullable
    LocalProcess find(Address address) {
        long number = address.value() - first.value();
        return number < 0 || number >= ProcessTable.NUMBERS ? null : table.get((int) number);
    }

    void remove(LocalProcess process) {
        table.remove((int) process.number());
    }

    @Override
    public void close() {
        runners.close();
        clockwork.close();
    }
}
