package dev.berth.core.cluster;

import dev.berth.core.wire.Field;

/** A slot under one epoch: what a message is addressed to, or sent for. Any thread. */
public record Grant(@Field(1) SlotId slot, @Field(2) long epoch) implements Comparable<Grant> {
    public Grant {
        if (epoch < 1) {
            throw new IllegalArgumentException("slot " + slot + ": an epoch is the number of a view, got " + epoch);
        }
    }

    @Override
    public int compareTo(Grant other) {
        int bySlot = slot.compareTo(other.slot);
        return bySlot != 0 ? bySlot : Long.compare(epoch, other.epoch);
    }

    @Override
    public String toString() {
        return slot + "@" + epoch;
    }
}
