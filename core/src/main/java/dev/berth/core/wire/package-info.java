/** Records to bytes and back: frames, fields, and typed errors for whatever is malformed. */
@NullMarked
package dev.berth.core.wire;

import org.jspecify.annotations.NullMarked;
