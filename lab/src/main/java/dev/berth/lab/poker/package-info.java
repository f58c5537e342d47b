/** Poker judged a second time, by counting, so that the rules can be compared with something that has nothing of theirs. */
@NullMarked
package dev.berth.lab.poker;

import org.jspecify.annotations.NullMarked;
