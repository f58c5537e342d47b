/** The rules of poker. They decide: cards, time and money come in as events, what is to be said and done goes out. */
@NullMarked
package dev.berth.poker.rules;

import org.jspecify.annotations.NullMarked;
