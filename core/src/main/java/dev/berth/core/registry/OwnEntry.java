package dev.berth.core.registry;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.wire.Bytes;

/** A registration of this node: what its process wants, and what an owner of the key's slot has confirmed. */
final class OwnEntry {
    private enum State {
        /** Not ours (yet, or any more): to be registered. */
        WANTED,
        /** Ours, confirmed under {@link #epoch}. */
        HELD,
        /** Not wanted any more: to be deregistered. */
        LEAVING
    }

    final RegistryKey key;
    final long handle;
    final long stamp;
    Bytes share;

    /** The share has changed since it was last sent. */
    boolean shareDirty;

    /** A message about it is under way. */
    boolean inFlight;

    private State state = State.WANTED;
    private long epoch;

    OwnEntry(RegistryKey key, long handle, long stamp, Bytes share) {
        this.key = key;
        this.handle = handle;
        this.stamp = stamp;
        this.share = share;
    }

    boolean isHeld() {
        return state == State.HELD;
    }

    boolean isLeaving() {
        return state == State.LEAVING;
    }

    boolean isConfirmedUnder(long current) {
        return state == State.HELD && epoch == current;
    }

    /** Whether the owner has to be told something. */
    boolean isUnsettled() {
        return state != State.HELD || shareDirty;
    }

    void confirm(long underEpoch) {
        state = State.HELD;
        epoch = underEpoch;
    }

    void voided() {
        state = State.WANTED;
        epoch = 0;
    }

    void leave() {
        state = State.LEAVING;
        epoch = 0;
    }

    RegistryEntry entry(Incarnation self) {
        return new RegistryEntry(key, handle, self, share, stamp, 0);
    }

    /** What has to be said next, if it is unsettled. */
    RegistryMessage.Request nextMessage(Incarnation self) {
        return switch (state) {
            case WANTED -> new RegistryMessage.Register(entry(self));
            case HELD -> new RegistryMessage.Update(key, stamp, share);
            case LEAVING -> new RegistryMessage.Deregister(key, stamp);
        };
    }
}
