package dev.berth.core.entity;

import dev.berth.core.call.OperationId;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Field;

/**
 * An operation that changed an entity. Any thread.
 *
 * @param atMillis the owner's wall clock; nothing that must be safe depends on it
 */
public record Remembered(
        @Field(1) OperationId id,

        @Field(value = 2, max = EntityLimits.ANSWER_BYTES_MAX)
        Bytes answer,

        @Field(3) long atMillis) {}
