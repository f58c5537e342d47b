/** Users of an application: their sessions, what they say, and what a gate needs of them. */
@NullMarked
package dev.berth.node.session;

import org.jspecify.annotations.NullMarked;
