/** The toy application: gates that count things in slots, so that the checks have a history to look at. */
@NullMarked
package dev.berth.lab.sim.app;

import org.jspecify.annotations.NullMarked;
