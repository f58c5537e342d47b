/** Machines and the processes on them: clocks, pauses at any point, kills. */
@NullMarked
package dev.berth.lab.sim.host;

import org.jspecify.annotations.NullMarked;
