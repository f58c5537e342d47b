/** Acts. Gives the machines of core a clock, a thread and a network, and performs what they decide. */
@NullMarked
package dev.berth.node;

import org.jspecify.annotations.NullMarked;
