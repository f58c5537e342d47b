/** What every node shows to monitoring: its metrics, whether it lives, whether it is ready. */
@NullMarked
package dev.berth.node.lookout;

import org.jspecify.annotations.NullMarked;
