/** What can be seen of a cluster from outside, simulated or real, compared with what must hold. */
@NullMarked
package dev.berth.core.audit;

import org.jspecify.annotations.NullMarked;
