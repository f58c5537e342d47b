/** Fences: the epoch that a store checks inside every write, and what an owner must do before its next one. */
@NullMarked
package dev.berth.core.store;

import org.jspecify.annotations.NullMarked;
