/** What travels between nodes and what is kept in the coordinator, gathered from the packages that it belongs to. */
@NullMarked
package dev.berth.core.protocol;

import org.jspecify.annotations.NullMarked;
