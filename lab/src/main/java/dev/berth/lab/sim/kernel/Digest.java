package dev.berth.lab.sim.kernel;

/** A running fingerprint of all that has happened: two runs that differ anywhere end with different values. One thread. */
public final class Digest {
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private long value = 0x6A09E667F3BCC908L;

    public void mix(long word) {
        long mixed = (value ^ word) * PRIME;
        value = mixed ^ (mixed >>> 32);
    }

    public long value() {
        return value;
    }

    /** The fingerprint of some bytes alone. */
    public static long of(byte[] bytes) {
        long hash = bytes.length * PRIME;
        int i = 0;
        for (; i + 8 <= bytes.length; i += 8) {
            long word = 0;
            for (int j = 0; j < 8; j++) {
                word = (word << 8) | (bytes[i + j] & 0xFF);
            }
            hash = step(hash, word);
        }
        for (; i < bytes.length; i++) {
            hash = step(hash, bytes[i]);
        }
        return hash;
    }

    private static long step(long hash, long word) {
        long mixed = (hash ^ word) * PRIME;
        return mixed ^ (mixed >>> 29);
    }

    public static String text(long digest) {
        return String.format("%016x", digest);
    }
}
