/** (type, id) to handle and share: one serial owner per key group, caches that are kept right by monitoring. */
@NullMarked
package dev.berth.core.registry;

import org.jspecify.annotations.NullMarked;
