package dev.berth.node.process;

import dev.berth.core.wire.Bytes;

/**
 * Something is told under a topic.
 *
 * @param message a value on its own, as every message to a process
 */
record Published(String topic, Bytes message) {}
