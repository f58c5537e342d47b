package dev.berth.lab.sim.coordinator;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Something asked of the coordinator.
 *
 * @param run is executed where the nodes are, at one instant
 * @param answered gets the result, as work of the asking process
 * @param unknown is called instead when the outcome is not known
 */
record Request<T>(RequestKind kind, Function<Nodes, T> run, Consumer<T> answered, Runnable unknown) {}
