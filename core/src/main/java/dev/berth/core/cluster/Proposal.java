package dev.berth.core.cluster;

import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;

/** A change of the view that a member or an operator asks for. Any thread. */
public sealed interface Proposal {
    @Code(1)
    record SetSetting(
            @Field(value = 1, max = ServiceName.MAX) String key,
            @Field(value = 2, max = Settings.VALUE_MAX) String value)
            implements Proposal {}

    /** Back to the default. */
    @Code(2)
    record ClearSetting(
            @Field(value = 1, max = ServiceName.MAX) String key) implements Proposal {}

    /** First come keeps it; the proposer holds it. */
    @Code(3)
    record TakeName(
            @Field(value = 1, max = ServiceName.MAX) String name,
            @Field(2) long address) implements Proposal {}

    /** Only the holder can free a name. */
    @Code(4)
    record FreeName(@Field(value = 1, max = ServiceName.MAX) String name) implements Proposal {}

    /** Moves all slots away from a node and gives it none, or ends that state. */
    @Code(5)
    record DrainNode(@Field(1) NodeId node, @Field(2) boolean drain) implements Proposal {}

    @Code(6)
    record PlanService(@Field(1) ServicePlan plan) implements Proposal {}

    /** Another capacity for a bucketed service. */
    @Code(7)
    record Resize(
            @Field(value = 1, max = ServiceName.MAX) String service,
            @Field(2) int capacity) implements Proposal {}

    /** A parked slot may be offered again. */
    @Code(8)
    record RetrySlot(@Field(1) SlotId slot) implements Proposal {}

    @Code(9)
    record SetLease(@Field(1) long leaseNanos) implements Proposal {}

    /** The operator has looked: move the slots of the silent members now (rule 23). */
    @Code(10)
    record ReleaseBrake() implements Proposal {}
}
