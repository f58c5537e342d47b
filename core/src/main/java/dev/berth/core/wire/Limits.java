package dev.berth.core.wire;

// Why memory is bounded: a frame is refused by its length before a byte of it is kept; text and bytes take no more
// than the frame did; everything else that decoding creates (records, list elements) is counted, and a count over the
// bound is refused. Nothing is allocated from a number that the sender merely claims.

/**
 * How much one message may take. Any thread.
 *
 * @param frameMax most bytes of a frame after its length; larger ones are refused before they are read
 * @param elementsMax most records, texts, byte strings and list elements in one message
 * @param depthMax most levels of records within records
 */
public record Limits(int frameMax, int elementsMax, int depthMax) {
    /** Reading a message allocates at most so many bytes, garbage included, for each of {@code elementsMax}. */
    public static final int BYTES_PER_ELEMENT = 128;

    /** And so many for each byte of its frame. */
    public static final int BYTES_PER_BYTE = 4;

    /** Most UTF-8 bytes of a string whose field states no bound, and of each string in a list. */
    public static final int TEXT_MAX = 1_024;

    /** Most bytes of {@link Bytes} whose field states no bound. */
    public static final int BYTES_MAX = 65_536;

    /** Most elements of a list whose field states no bound. */
    public static final int LIST_MAX = 1_024;

    private static final int DEPTH_MAX = 16;

    /** Between nodes: a body of 1 MiB and room for its header. */
    public static final Limits PEER = new Limits((1 << 20) + (1 << 16), 100_000, DEPTH_MAX);

    /** Whatever may hold a view: 16 MiB and two million elements, some 600,000 slots; at most 320 MB while it is read. */
    public static final Limits VIEW = new Limits(1 << 24, 2_000_000, DEPTH_MAX);

    public Limits {
        if (frameMax < 64 || elementsMax < 1 || depthMax < 1) {
            throw new IllegalArgumentException(
                    "limits need frameMax >= 64, elementsMax >= 1, depthMax >= 1, got frameMax=" + frameMax
                            + " elementsMax=" + elementsMax + " depthMax=" + depthMax);
        }
    }
}
