package dev.berth.core.session;

import java.util.LinkedHashMap;

// It costs whoever guesses, not whoever is right: a try is paid when it begins, so that many at once count, and given
// back when it was right. Of more keys than there is room for, the one that has been quiet for longest is forgotten.

/** Lets each key try so often at once, and then once in a while. One thread. */
public final class Brake {
    private final int burst;
    private final long everyNanos;
    private final int keysMax;
    /** When a key has all its tries again; the one that tried last stands last. */
    private final LinkedHashMap<String, Long> fullAt = new LinkedHashMap<>();

    /**
     * @param burst tries at once; too few and people who mistype wait
     * @param everyNanos one more each
     */
    public Brake(int burst, long everyNanos, int keysMax) {
        if (burst < 1 || everyNanos < 1 || keysMax < 1) {
            throw new IllegalArgumentException(
                    "a brake has positive bounds, got burst=" + burst + " every=" + everyNanos + "ns keys=" + keysMax);
        }
        this.burst = burst;
        this.everyNanos = everyNanos;
        this.keysMax = keysMax;
    }

    /** Pays a try; 0, or for how long there is none, and then nothing is paid. */
    public long takeNanos(long nowNanos, String key) {
        long wait = waitNanos(nowNanos, key);
        if (wait == 0) {
            long at = Math.max(nowNanos, fullAt.getOrDefault(key, nowNanos));
            fullAt.remove(key);
            fullAt.put(key, at + everyNanos);
            if (fullAt.size() > keysMax) {
                fullAt.pollFirstEntry();
            }
        }
        return wait;
    }

    /** How long until there is a try; 0 if there is one. */
    public long waitNanos(long nowNanos, String key) {
        long full = fullAt.getOrDefault(key, nowNanos);
        return Math.max(0, full + everyNanos - nowNanos - burst * everyNanos);
    }

    /** It was right. */
    public void giveBack(String key) {
        fullAt.computeIfPresent(key, (_, at) -> at - everyNanos);
    }
}
