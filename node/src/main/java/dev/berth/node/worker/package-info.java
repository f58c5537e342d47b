/** Workers: processes that own slots of services, and agents through which everybody else reaches them. */
@NullMarked
package dev.berth.node.worker;

import org.jspecify.annotations.NullMarked;
