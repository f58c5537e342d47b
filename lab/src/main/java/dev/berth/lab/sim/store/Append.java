package dev.berth.lab.sim.store;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;

/**
 * A write of one operation's effect.
 *
 * @param grant whoever writes, under which epoch: compared with the fence inside the write
 * @param version of the entry as the writer knows it: with another one, nothing is written
 */
public record Append(Grant grant, int key, OperationId operation, long delta, int version) {}
