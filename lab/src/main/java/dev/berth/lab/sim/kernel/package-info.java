/** Virtual time, chance, clocks and the fingerprint of a run. */
@NullMarked
package dev.berth.lab.sim.kernel;

import org.jspecify.annotations.NullMarked;
