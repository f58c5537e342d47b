package dev.berth.node.worker;

import dev.berth.core.call.Outcome;
import dev.berth.core.wire.Bytes;
import java.util.concurrent.CompletableFuture;

/** A call that has not ended, with the id that it gets if it does not end as Done. Any thread. */
final class Pending extends CompletableFuture<Outcome<Bytes>> {
    /** Set before it is completed, so whoever sees the end sees it. */
    volatile String id = "";
}
