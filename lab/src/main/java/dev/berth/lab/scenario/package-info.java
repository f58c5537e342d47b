/** Scenarios as text: commands to a world in virtual time, and what is expected to come of them. */
@NullMarked
package dev.berth.lab.scenario;

import org.jspecify.annotations.NullMarked;
