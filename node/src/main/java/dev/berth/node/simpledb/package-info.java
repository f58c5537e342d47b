/** SIMPLEDB: an example, texts by key behind one name, for clients that speak lines. */
@NullMarked
package dev.berth.node.simpledb;

import org.jspecify.annotations.NullMarked;
