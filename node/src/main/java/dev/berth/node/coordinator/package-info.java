/** The coordinator: a client of ZooKeeper for masters and members, the election, and the embedded server. */
@NullMarked
package dev.berth.node.coordinator;

import org.jspecify.annotations.NullMarked;
