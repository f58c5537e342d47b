package dev.berth.node.entity;

import dev.berth.core.PublicApi;

/**
 * What a contract extends whose methods callers use: {@code interface Player extends Entity<Long> { Bag buy(Buy what); }}. A call
 * returns the answer, or throws {@link Denied} if the entity said no, and {@link dev.berth.core.call.CallException} if the call
 * did not end well. Its code runs at the owner of the key, one call at a time; callers in one thread are served in order.
 *
 * @param <K> the key: Long, Integer, String or UUID
 */
@PublicApi
public interface Entity<K> {}
