/** Entities in a test: a cluster that is played, with a clock that is moved. */
@NullMarked
package dev.berth.test;

import org.jspecify.annotations.NullMarked;
