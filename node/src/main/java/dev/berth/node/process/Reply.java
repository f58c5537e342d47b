package dev.berth.node.process;

import dev.berth.core.PublicApi;

/**
 * An answer that is given later. Any thread; only the first word counts.
 *
 * @param <R> the answer
 */
@PublicApi
public interface Reply<R> {
    void answer(R value);

    void fail(Exception cause);
}
