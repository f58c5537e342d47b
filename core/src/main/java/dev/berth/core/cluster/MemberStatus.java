package dev.berth.core.cluster;

import dev.berth.core.wire.Field;

/**
 * What the leading master knows of a member that no view says. Any thread.
 *
 * @param applied the newest view that it has acknowledged to this master
 * @param silentNanos since when it has proved nothing
 * @param leaseNanos how long this master holds it to be leased yet; 0 when it has surely lapsed
 * @param suspected silent for so long that it may be replaced
 * @param load how busy it is, in thousandths
 */
public record MemberStatus(
        @Field(1) Incarnation incarnation,
        @Field(2) long applied,
        @Field(3) long silentNanos,
        @Field(4) long leaseNanos,
        @Field(5) boolean suspected,
        @Field(6) int load) {
    /** Whether this master would give it a slot, unless it is to be empty. */
    public boolean mayOwn() {
        return !suspected && leaseNanos > 0;
    }
}
