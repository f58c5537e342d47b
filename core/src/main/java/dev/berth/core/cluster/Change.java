package dev.berth.core.cluster;

import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Prose;

/** One difference between a view and its predecessor. Changes are applied in the order in which they stand. Any thread. */
public sealed interface Change {
    /** A member is admitted, or its flags changed. */
    @Code(1)
    record MemberListed(@Field(1) Listing listing) implements Change {}

    /** A member is expelled or has left; its global names go with it. */
    @Code(2)
    record MemberGone(
            @Field(1) Incarnation incarnation,
            @Field(value = 2, max = 120) String cause) implements Change {
        public MemberGone {
            cause = Prose.upTo(120, cause);
        }
    }

    @Code(3)
    record SlotChanged(@Field(1) SlotId slot, @Field(2) SlotState state) implements Change {}

    @Code(4)
    record ServicePlanned(@Field(1) ServicePlan plan) implements Change {}

    /** A bucketed service gets another capacity. */
    @Code(5)
    record Resized(
            @Field(value = 1, max = ServiceName.MAX) String service,
            @Field(2) int capacity) implements Change {}

    /** A bucket belongs to another slot from now on; whoever owns it keeps it until it has been drained. */
    @Code(6)
    record BucketReassigned(
            @Field(1) SlotId bucket, @Field(2) int slot) implements Change {}

    /** The buckets of a slot are to live at a member, or nowhere in particular. */
    @Code(7)
    record HomeChosen(@Field(1) SlotId slot, @Field(2) Incarnation home) implements Change {}

    @Code(8)
    record NameTaken(@Field(1) GlobalName name) implements Change {}

    @Code(9)
    record NameFreed(
            @Field(value = 1, max = ServiceName.MAX) String name) implements Change {}

    @Code(10)
    record SettingChanged(
            @Field(value = 1, max = ServiceName.MAX) String key,
            @Field(value = 2, max = Settings.VALUE_MAX) String value)
            implements Change {}

    @Code(11)
    record SettingRemoved(
            @Field(value = 1, max = ServiceName.MAX) String key) implements Change {}

    /** L changes. {@code formerNanos} is what members may still count with; the master waits for the longer of the two. */
    @Code(12)
    record LeaseChanged(@Field(1) long leaseNanos, @Field(2) long formerNanos) implements Change {}
}
