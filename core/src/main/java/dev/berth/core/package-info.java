/** Decides. Pure state machines: no thread, clock, socket, file or dice; the caller hands in time and randomness. */
@NullMarked
package dev.berth.core;

import org.jspecify.annotations.NullMarked;
