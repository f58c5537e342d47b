package dev.berth.core.wire;

// What stands in front of every body, the highest byte first:
//   0   4  length of what follows these four bytes
//   4   1  0xBE, so that somebody else's bytes are recognized as such
//   5   1  protocol version
//   6   2  frame type; 0 says only that the sender is alive and has no body
//   8   8  cluster id
//   16     body

/** Offsets in a frame. */
final class Frame {
    static final int LENGTH_SIZE = 4;
    static final int MAGIC_AT = 4;
    static final int VERSION_AT = 5;
    static final int TYPE_AT = 6;
    static final int CLUSTER_AT = 8;
    static final int BODY_AT = 16;
    static final int MAGIC = 0xBE;
    static final int KEEP_ALIVE = 0;

    private Frame() {}
}
