package dev.berth.node.entity;

import dev.berth.core.PublicApi;

/** Implemented by the code of an entity that sets timers with {@link Context#at}. */
@PublicApi
public interface Alarmed {
    /**
     * The time has come. What this changes and that the timer has rung become durable in one write; until then it rings again,
     * here or at the next owner. What it throws is logged, and the timer rings again a little later.
     */
    void alarm(String name) throws Exception;
}
