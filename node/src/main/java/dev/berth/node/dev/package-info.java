/** A whole cluster in one JVM, for development and tests. */
@NullMarked
package dev.berth.node.dev;

import org.jspecify.annotations.NullMarked;
