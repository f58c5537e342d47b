/** Real runs before the simulator's checkers. */
@NullMarked
package dev.berth.node.audit;

import org.jspecify.annotations.NullMarked;
