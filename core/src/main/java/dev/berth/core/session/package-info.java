/** Clients that stay connected whatever dies: the session, the gate's side of a socket, the client's side, and what they say. */
@NullMarked
package dev.berth.core.session;

import org.jspecify.annotations.NullMarked;
