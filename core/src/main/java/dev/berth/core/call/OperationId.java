package dev.berth.core.call;

import dev.berth.core.wire.Field;

/** Names an operation, not an attempt: the same id twice is one effect. Any thread. */
public record OperationId(@Field(1) long client, @Field(2) long counter) {}
