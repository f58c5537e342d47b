/** The call plane: what nodes say to each other, judged by core.call, on one event loop. */
@NullMarked
package dev.berth.node.plane;

import org.jspecify.annotations.NullMarked;
