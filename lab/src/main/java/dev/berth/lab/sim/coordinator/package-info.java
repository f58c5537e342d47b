/** The coordinator as ZooKeeper gives it: versioned nodes, transactions, sessions, one elected at a time. */
@NullMarked
package dev.berth.lab.sim.coordinator;

import org.jspecify.annotations.NullMarked;
