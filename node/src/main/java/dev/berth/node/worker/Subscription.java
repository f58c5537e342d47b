package dev.berth.node.worker;

import dev.berth.core.PublicApi;

/** What a listener has asked for. Any thread. */
@PublicApi
public interface Subscription extends AutoCloseable {
    /** Nothing more begins to be told; what is being told at this moment may still end. */
    @Override
    void close();
}
