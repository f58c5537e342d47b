package dev.berth.core.machine;

import dev.berth.core.PublicApi;

/** Where a machine puts the actions it has decided on; they are performed in this order after the call returns. */
@PublicApi
@FunctionalInterface
public interface Outbox<A> {
    void add(A action);
}
