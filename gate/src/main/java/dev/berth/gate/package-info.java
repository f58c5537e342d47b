/** Where clients' sockets end: the transport that sessions live on, and that carries packets without them. */
@NullMarked
package dev.berth.gate;

import org.jspecify.annotations.NullMarked;
