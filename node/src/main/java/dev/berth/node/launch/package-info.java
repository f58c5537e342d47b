/** {@code berth up}: the file that describes a cluster, and what starts, watches, certifies and ends a machine's nodes. */
@NullMarked
package dev.berth.node.launch;

import org.jspecify.annotations.NullMarked;
