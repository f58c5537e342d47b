/** PROTOCOL.md's last table as code: each measure taken away, and the invariant that then breaks. */
@NullMarked
package dev.berth.lab.sim.measure;

import org.jspecify.annotations.NullMarked;
