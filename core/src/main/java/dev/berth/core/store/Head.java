package dev.berth.core.store;

/**
 * What a store has to know of a key to judge a write. Any thread.
 *
 * @param version rises by one with each write; 0 before the first
 * @param snapshotVersion that of the snapshot, 0 without one; the writes after it are deltas
 * @param deltaBytes bytes of those deltas
 */
public record Head(long version, long snapshotVersion, int deltaBytes) {
    public static final Head EMPTY = new Head(0, 0, 0);

    /** Deltas after the snapshot. */
    public int deltas() {
        return Math.toIntExact(version - snapshotVersion);
    }

    Head withDelta(int bytes) {
        return new Head(version + 1, snapshotVersion, deltaBytes + bytes);
    }

    Head withSnapshot() {
        return new Head(version + 1, version + 1, 0);
    }
}
