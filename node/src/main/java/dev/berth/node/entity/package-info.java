/** Entities: objects with a key and a state that live where their key's slot is, one message at a time. */
@NullMarked
package dev.berth.node.entity;

import org.jspecify.annotations.NullMarked;
