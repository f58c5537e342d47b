/** {@code berth bench}: prints what docs/benchmarks.md quotes. */
@NullMarked
package dev.berth.lab.bench;

import org.jspecify.annotations.NullMarked;
