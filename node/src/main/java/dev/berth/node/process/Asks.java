package dev.berth.node.process;

import dev.berth.core.PublicApi;

/**
 * A message that wants an answer: {@code record Get(String key) implements Asks<String>}.
 *
 * @param <R> the answer
 */
@PublicApi
public interface Asks<R> {}
