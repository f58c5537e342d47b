/** The simulator: the machines of core under virtual time, with faults, and checked after every event. */
@NullMarked
package dev.berth.lab.sim;

import org.jspecify.annotations.NullMarked;
