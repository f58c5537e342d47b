package dev.berth.core.cluster;

import dev.berth.core.wire.Field;

/** 128 random bits drawn by a starting process; tells two processes with one name apart before either has an incarnation. */
public record Nonce(@Field(1) long high, @Field(2) long low) {}
