/** What an entity keeps: its state, what its operations answered, its timers, and when what it did may be told. */
@NullMarked
package dev.berth.core.entity;

import org.jspecify.annotations.NullMarked;
