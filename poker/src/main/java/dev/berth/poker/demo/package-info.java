/** The demonstration: a crowd plays, and its servers are killed, stopped and replaced meanwhile. */
@NullMarked
package dev.berth.poker.demo;

import org.jspecify.annotations.NullMarked;
