package dev.berth.core.entity;

import dev.berth.core.wire.Field;

/** Of this client operations up to this number may have been forgotten. Any thread. */
public record Forgotten(@Field(1) long client, @Field(2) long upTo) {}
