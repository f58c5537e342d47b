/** Fences: the epoch that a store checks inside every write; what a store is asked and answers; what becomes of it. */
@NullMarked
package dev.berth.core.store;

import org.jspecify.annotations.NullMarked;
