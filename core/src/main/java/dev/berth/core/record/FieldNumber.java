package dev.berth.core.record;

import java.nio.charset.StandardCharsets;

// A number that follows from name and kind needs no annotation and no table that two programmers edit. Since the kind
// is part of it, a field that changed its type is another field and cannot be taken for the old one.
//
// The range: from 2^18 up every tag takes four bytes and the numbers 19000 to 19999, which protocol buffers keep for
// themselves, are out of the way, and so are the small ones, which the format itself uses.

/** The number of a field on the wire. Any thread. */
final class FieldNumber {
    static final int MIN = 1 << 18;
    static final int MAX = (1 << 25) - 1;

    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private FieldNumber() {}

    /** The four bytes of a tag, the lowest first. */
    static int word(int tag) {
        return ((tag & 0x7f) | 0x80)
                | ((((tag >>> 7) & 0x7f) | 0x80) << 8)
                | ((((tag >>> 14) & 0x7f) | 0x80) << 16)
                | (((tag >>> 21) & 0x7f) << 24);
    }

    /** FNV-1a (32 bits) of {@code name:kind} in UTF-8, folded into the range. */
    static int of(String name, String kind) {
        int hash = FNV_OFFSET;
        for (byte next : (name + ":" + kind).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (next & 0xff)) * FNV_PRIME;
        }
        return MIN + Integer.remainderUnsigned(hash, MAX - MIN + 1);
    }
}
