/** The one door: {@code berth COMMAND}. It finds the commands of every module and knows none of them. */
@NullMarked
package dev.berth.console;

import org.jspecify.annotations.NullMarked;
