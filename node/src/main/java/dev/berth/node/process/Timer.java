package dev.berth.node.process;

import dev.berth.core.PublicApi;

/** A message to itself that has been put off. Any thread. */
@PublicApi
public interface Timer {
    /** It does not come any more, unless it is in the mailbox already. */
    void cancel();
}
