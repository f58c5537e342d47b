/** Processes: addressable things with a mailbox that do one thing at a time, a million to a node. */
@NullMarked
package dev.berth.node.process;

import org.jspecify.annotations.NullMarked;
