/** An application's own records to bytes and back, in a way that outlives changes of the records. */
@NullMarked
package dev.berth.core.record;

import org.jspecify.annotations.NullMarked;
