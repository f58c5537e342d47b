/** Clients of the game over plain sockets: those that play a known hand from a script, and those that play on whatever dies. */
@NullMarked
package dev.berth.poker.bot;

import org.jspecify.annotations.NullMarked;
