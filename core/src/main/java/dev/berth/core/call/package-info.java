/** Calls between slots: what is in flight, what may be dispatched, and what must wait for a view. */
@NullMarked
package dev.berth.core.call;

import org.jspecify.annotations.NullMarked;
