/** Connections as streams of frames, and the weather over them: delay, cuts, resets, loss. */
@NullMarked
package dev.berth.lab.sim.net;

import org.jspecify.annotations.NullMarked;
