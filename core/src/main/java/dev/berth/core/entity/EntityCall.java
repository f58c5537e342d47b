package dev.berth.core.entity;

import dev.berth.core.store.StoreLimits;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Codec;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Limits;

/**
 * The body of a call of an entity; the slot that it goes to is the bucket of the key. Any thread.
 *
 * @param type the name of its contract
 * @param arguments as {@link dev.berth.core.record.Signature} writes them
 * @param again whether the operation may have been tried by an earlier owner of whoever calls
 */
public record EntityCall(
        @Field(value = 1, max = EntityLimits.NAME_MAX) String type,
        @Field(value = 2, max = StoreLimits.KEY_MAX) Bytes key,
        @Field(value = 3, max = EntityLimits.NAME_MAX) String method,
        @Field(value = 4, max = 1 << 20) Bytes arguments,
        @Field(5) boolean again) {
    public static final Codec<EntityCall> CODEC = Codec.of(EntityCall.class);
    public static final Limits LIMITS = new Limits(1 << 20, 64, 4);

    public EntityCall onceMore() {
        return new EntityCall(type, key, method, arguments, true);
    }

    public Bytes encoded() {
        return Bytes.wrap(CODEC.encode(this));
    }
}
