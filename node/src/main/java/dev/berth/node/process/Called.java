package dev.berth.node.process;

import dev.berth.core.wire.Bytes;

/**
 * A call of a contract's method by another node. The answer is bytes too, as docs/records.md has it for methods.
 *
 * @param contract the simple name of the interface that has the method
 * @param arguments as {@link dev.berth.core.record.Signature} writes them
 */
record Called(String contract, String method, Bytes arguments) implements Asks<Bytes> {}
