package dev.berth.core.entity;

import dev.berth.core.wire.Field;

/**
 * A timer that outlives its owner. Any thread.
 *
 * @param dueMillis wall clock, since 1970
 * @param number of the entity's own counting: it is another one when the same name is set again
 */
public record Alarm(
        @Field(value = 1, max = EntityLimits.NAME_MAX) String name,
        @Field(2) long dueMillis,
        @Field(3) long number) {}
