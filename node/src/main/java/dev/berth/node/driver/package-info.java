/** What runs a machine: a driver gives it time and events, performs its actions, and halts with it when it breaks. */
@NullMarked
package dev.berth.node.driver;

import org.jspecify.annotations.NullMarked;
