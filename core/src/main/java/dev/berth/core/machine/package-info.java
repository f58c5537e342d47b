/** What every state machine of Berth looks like from outside: events in, actions out, time as an argument. */
@NullMarked
package dev.berth.core.machine;

import org.jspecify.annotations.NullMarked;
