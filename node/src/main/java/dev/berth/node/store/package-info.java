/** The store node: where slots' state is durable, behind fences that are checked inside each write; and its clients. */
@NullMarked
package dev.berth.node.store;

import org.jspecify.annotations.NullMarked;
