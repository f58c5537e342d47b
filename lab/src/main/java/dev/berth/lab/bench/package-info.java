/** Benchmarks: mains that run by hand and print what docs/benchmarks.md quotes. */
@NullMarked
package dev.berth.lab.bench;

import org.jspecify.annotations.NullMarked;
