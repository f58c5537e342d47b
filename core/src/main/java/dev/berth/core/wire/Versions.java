package dev.berth.core.wire;

import dev.berth.core.wire.WireException.Kind;

/** The protocol versions that one side speaks, both ends included. Any thread. */
public record Versions(int min, int max) {
    /** A version is one byte of a frame, and 0 is none. */
    public static final int MAX = 255;

    public Versions {
        if (min < 1 || max < min || max > MAX) {
            throw new IllegalArgumentException("versions are a range within 1.." + MAX + ", got " + min + ".." + max);
        }
    }

    /** Versions as another side states them. */
    public static Versions of(int min, int max) throws WireException {
        try {
            return new Versions(min, max);
        } catch (IllegalArgumentException e) {
            throw new WireException(Kind.OUT_OF_RANGE, String.valueOf(e.getMessage()));
        }
    }

    public boolean contains(int version) {
        return version >= min && version <= max;
    }

    /** The highest version that both sides speak; refused only when the ranges do not overlap. */
    public int common(Versions other) throws WireException {
        int highest = Math.min(max, other.max);
        if (highest < Math.max(min, other.min)) {
            throw new WireException(
                    Kind.WRONG_VERSION,
                    "we speak versions " + this + ", the other side " + other + "; upgrade the older one step by step");
        }
        return highest;
    }

    @Override
    public String toString() {
        return min + ".." + max;
    }
}
