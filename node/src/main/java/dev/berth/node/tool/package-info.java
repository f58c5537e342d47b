/** How a module contributes a command to the one door. */
@NullMarked
package dev.berth.node.tool;

import org.jspecify.annotations.NullMarked;
