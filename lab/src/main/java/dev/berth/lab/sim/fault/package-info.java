/** What goes wrong, drawn from the seed before the run begins, so that single faults can be left out later. */
@NullMarked
package dev.berth.lab.sim.fault;

import org.jspecify.annotations.NullMarked;
