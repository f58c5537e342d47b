/** The measures on which safety rests, each taken away in turn: what a check that cannot fail would never show. */
@NullMarked
package dev.berth.lab.mutant;

import org.jspecify.annotations.NullMarked;
