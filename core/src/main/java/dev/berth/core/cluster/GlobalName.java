package dev.berth.core.cluster;

import dev.berth.core.wire.Field;

/** A name that the whole cluster knows, the address behind it, and the member that holds it. Any thread. */
public record GlobalName(
        @Field(value = 1, max = ServiceName.MAX) String name,
        @Field(2) long address,
        @Field(3) Incarnation holder) {
    public GlobalName {
        ServiceName.check(name);
    }
}
