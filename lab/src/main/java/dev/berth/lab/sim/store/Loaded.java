package dev.berth.lab.sim.store;

import dev.berth.core.call.OperationId;
import java.util.Map;

/** A key as a new owner reads it. The map belongs to whoever loaded it. */
public record Loaded(long value, int version, Map<OperationId, Long> operations) {}
