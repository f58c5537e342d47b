package dev.berth.node.process;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Bytes;

/**
 * A question in a protocol of the process's own (S4.13): bytes, and bytes as the answer. What is only left as a message may be
 * {@link Bytes} themselves. Needs no {@link dev.berth.core.record.RecordBook}.
 */
@PublicApi
public record Raw(Bytes bytes) implements Asks<Bytes> {}
