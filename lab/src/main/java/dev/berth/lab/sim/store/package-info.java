/** Fenced stores: primaries whose writes are acknowledged once a replica has them, and which can fail over. */
@NullMarked
package dev.berth.lab.sim.store;

import org.jspecify.annotations.NullMarked;
