/** Masters as processes: a port for members and operators, and the coordinator behind it. */
@NullMarked
package dev.berth.node.master;

import org.jspecify.annotations.NullMarked;
