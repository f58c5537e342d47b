package dev.berth.core.cluster;

import dev.berth.core.machine.Machine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A machine in a {@link Quay}: all that it ever wanted done, and its inbox while it is paused. */
final class Moored<E, A> {
    final String name;
    final Machine<E, A> machine;
    final List<A> actions = new ArrayList<>();
    private final Consumer<A> performer;
    private final ArrayDeque<E> inbox = new ArrayDeque<>();
    private boolean paused;
    private boolean dead;

    Moored(String name, Machine<E, A> machine, Consumer<A> performer) {
        this.name = name;
        this.machine = machine;
        this.performer = performer;
    }

    long wakeNanos() {
        return dead || paused ? Machine.NEVER : machine.nextWakeNanos();
    }

    void advance(long nowNanos) {
        machine.advance(nowNanos, this::put);
    }

    void tell(long nowNanos, E event) {
        if (paused) {
            inbox.add(event);
        } else if (!dead) {
            machine.on(nowNanos, event, this::put);
        }
    }

    /** Ends the process: nothing reaches it and it does nothing. */
    void kill() {
        dead = true;
    }

    boolean isDead() {
        return dead;
    }

    void pause() {
        paused = true;
    }

    /** Goes on; what came in meanwhile is waiting. */
    void resume(long nowNanos) {
        paused = false;
        while (!inbox.isEmpty()) {
            tell(nowNanos, inbox.remove());
        }
    }

    <T extends A> List<T> all(Class<T> kind) {
        return actions.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private void put(A action) {
        actions.add(action);
        performer.accept(action);
    }
}
