package dev.berth.core.entity;

import dev.berth.core.wire.Field;

/**
 * A message that an entity has caused and that is kept with it until it has arrived, once. Any thread.
 *
 * @param number of the entity's own counting; with the entity it is the operation's id
 */
public record Parcel(@Field(1) long number, @Field(2) EntityCall call) {}
