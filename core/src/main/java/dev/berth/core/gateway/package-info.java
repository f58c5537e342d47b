/** Players find a server that has a place for them: what a server keeps, and what a gateway does to find it. */
@NullMarked
package dev.berth.core.gateway;

import org.jspecify.annotations.NullMarked;
