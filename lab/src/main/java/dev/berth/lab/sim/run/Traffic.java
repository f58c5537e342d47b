package dev.berth.lab.sim.run;

/**
 * How many bytes views took.
 *
 * @param deltas views that were sent as a difference, {@code deltaBytes} for one member each
 * @param records views that were written to the coordinator
 */
public record Traffic(long deltas, long deltaBytes, long records, long recordBytes) {}
