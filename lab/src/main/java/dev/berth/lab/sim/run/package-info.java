/** One seed from beginning to end: a safety phase with faults, then quiet, in which the cluster must settle. */
@NullMarked
package dev.berth.lab.sim.run;

import org.jspecify.annotations.NullMarked;
