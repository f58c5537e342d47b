/** The transport: authenticated connections that carry the frames of core.wire. */
@NullMarked
package dev.berth.node.link;

import org.jspecify.annotations.NullMarked;
