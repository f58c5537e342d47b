/** The demonstration: a small key-value service, and what is done to its cluster while it is used. */
@NullMarked
package dev.berth.node.demo;

import org.jspecify.annotations.NullMarked;
