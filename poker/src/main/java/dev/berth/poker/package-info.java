/** Poker on entities: a table is one, and so is a player. */
@NullMarked
package dev.berth.poker;

import org.jspecify.annotations.NullMarked;
