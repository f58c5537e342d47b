/** Game servers for clients as of 2008. */
@NullMarked
package dev.berth.poker.server;

import org.jspecify.annotations.NullMarked;
