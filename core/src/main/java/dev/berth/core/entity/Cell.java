package dev.berth.core.entity;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Field;

/** One state of an entity. Any thread. */
public record Cell(
        @Field(value = 1, max = EntityLimits.NAME_MAX) String name,
        @Field(value = 2, max = EntityLimits.STATE_MAX) Bytes value) {}
