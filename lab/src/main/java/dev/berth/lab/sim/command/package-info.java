/** {@code berth sim}. */
@NullMarked
package dev.berth.lab.sim.command;

import org.jspecify.annotations.NullMarked;
