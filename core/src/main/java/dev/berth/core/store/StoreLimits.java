package dev.berth.core.store;

/** The store's bounds, the same on both sides of the wire. Any thread. */
public final class StoreLimits {
    /** Most bytes of a key; it has at least one. */
    public static final int KEY_MAX = 512;

    /** Most bytes of a delta. */
    public static final int DELTA_MAX = 65_536;

    /** Most bytes of a snapshot. */
    public static final int STATE_MAX = 1 << 20;

    /** Most deltas of a key after its snapshot; one more is refused as {@link StoreRefusal.SnapshotFirst}. */
    public static final int DELTAS_MAX = 1_024;

    /** Most bytes of the deltas of a key after its snapshot. */
    public static final int DELTA_BYTES_MAX = 4 << 20;

    /** An operation's id is recognized at least within so many later writes of its key. */
    public static final int OPERATIONS_MAX = 256;

    /** Most pieces of a page. */
    public static final int PIECES_MAX = 4_096;

    /** A page ends with the piece that takes it over so many bytes, or before one that would take it over 1 MiB. */
    public static final int PAGE_BYTES = 256 * 1_024;

    /** Most bytes of a page's cursor. */
    public static final int CURSOR_MAX = KEY_MAX + 16;

    private StoreLimits() {}
}
