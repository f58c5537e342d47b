package dev.berth.node.entity;

import dev.berth.core.wire.Bytes;

/** One state of an entity in memory. One thread at a time: the entity's. */
final class Cell<S extends Record> implements State<S> {
    private final EntityHost host;
    private final String name;
    private final boolean soft;
    private S value;

    Cell(EntityHost host, String name, boolean soft, S value) {
        this.host = host;
        this.name = name;
        this.soft = soft;
        this.value = value;
    }

    @Override
    public S get() {
        return value;
    }

    @Override
    public S set(S next) {
        Turn turn = host.turn("State.set");
        S before = value;
        turn.sets(this, () -> value = before);
        value = next;
        return next;
    }

    String name() {
        return name;
    }

    boolean isSoft() {
        return soft;
    }

    Bytes written() {
        return host.book().write(value);
    }
}
