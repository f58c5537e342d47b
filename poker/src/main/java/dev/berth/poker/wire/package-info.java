/** The packets of OpenPoker's protocol as records, and as bytes. Decides only: no thread, clock or socket. */
@NullMarked
package dev.berth.poker.wire;

import org.jspecify.annotations.NullMarked;
