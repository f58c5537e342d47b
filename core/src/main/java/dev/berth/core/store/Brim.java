package dev.berth.core.store;

// A disk that fills up to the last byte takes the fences with it: no new owner could take over, and the engine could
// not even tidy up. So writes stop while there is still room for fences, and begin again only when some room has come
// back, so that the store does not waver.

/** Decides whether a disk is too full for writes. One thread. */
public final class Brim {
    private final int fullPercent;
    private final int againPercent;
    private final long roomMinBytes;
    private int percent;
    private boolean full;

    /**
     * @param fullPercent from which on writes are refused; too high: no room is left for fences; too low: space is wasted
     * @param againPercent below which they are taken again
     * @param roomMinBytes below which they are refused however small a share of the disk that is, because the engine needs
     *     them to tidy up; they are taken again when there is half as much more
     */
    public Brim(int fullPercent, int againPercent, long roomMinBytes) {
        if (againPercent < 1 || againPercent > fullPercent || fullPercent > 100 || roomMinBytes < 0) {
            throw new IllegalArgumentException("a brim needs 1 <= againPercent <= fullPercent <= 100 and room, got "
                    + "againPercent=" + againPercent + " fullPercent=" + fullPercent + " roomMinBytes=" + roomMinBytes);
        }
        this.fullPercent = fullPercent;
        this.againPercent = againPercent;
        this.roomMinBytes = roomMinBytes;
    }

    /** Takes a measurement; whether it has changed the answer. */
    public boolean measured(long usedBytes, long usableBytes) {
        double all = Math.max(1.0, (double) usedBytes + usableBytes);
        double used = 100 * usedBytes / all;
        percent = (int) Math.clamp(Math.floor(used), 0, 100);
        boolean was = full;
        long room = full ? roomMinBytes + roomMinBytes / 2 : roomMinBytes;
        full = used >= (full ? againPercent : fullPercent) || usableBytes < room;
        return full != was;
    }

    public boolean isFull() {
        return full;
    }

    /** How full the disk was when it was measured last. */
    public int percent() {
        return percent;
    }
}
