/** The shells around the machines: masters, members, launchers, and how they talk. */
@NullMarked
package dev.berth.lab.sim.node;

import org.jspecify.annotations.NullMarked;
