/** The invariants of DESIGN.md, checked after every event at a cost that does not grow with the cluster. */
@NullMarked
package dev.berth.lab.sim.check;

import org.jspecify.annotations.NullMarked;
