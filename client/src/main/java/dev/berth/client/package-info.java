/**
 * The client of a game in Java. {@link dev.berth.client.BerthClient} is all that is needed: it finds a gate, logs in, and stays
 * there whatever dies.
 */
@NullMarked
package dev.berth.client;

import org.jspecify.annotations.NullMarked;
