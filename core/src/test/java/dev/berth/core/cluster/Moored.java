package dev.berth.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

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

    /** Calls it as it wanted to be called; then it does something, or wants to be called later. */
    void advance(long nowNanos) {
        int before = actions.size();
        machine.advance(nowNanos, this::put);
        if (actions.size() == before) {
            assertThat(machine.nextWakeNanos()).as("next wake of %s", name).isGreaterThan(nowNanos);
        }
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
