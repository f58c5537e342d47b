package dev.berth.node.entity;

import dev.berth.core.PublicApi;

/**
 * A value that an entity keeps. Only its own code, while it runs.
 *
 * @param <S> a record
 */
@PublicApi
public interface State<S> {
    S get();

    /**
     * Another value. If the method that is at work throws, it was never there; otherwise it is on disk before anything that
     * the method answers or sends leaves, unless this is a {@linkplain Context#soft soft} state.
     *
     * @return the same value, to be answered
     */
    S set(S value);
}
