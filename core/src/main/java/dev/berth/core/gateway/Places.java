package dev.berth.core.gateway;

import java.util.ArrayDeque;

// A gateway that counted first and sent somebody then would send two to the last place (D4). So a place is kept by the
// same step that finds it free, here, where players come in; and here it is judged once more when they do, whatever
// gateways believe.
//
// What is kept has nobody's name on it: who comes takes what would lapse first. A player of 2008 could not show a name,
// and whoever comes without having been sent takes a place either way.

/** The places of one server: taken, or kept for somebody who was sent. One thread. */
public final class Places {
    private final long keepNanos;
    private final ArrayDeque<Long> kept = new ArrayDeque<>();
    private int max;
    private int taken;

    /**
     * @param max how many players may be here
     * @param keepNanos how long a place is kept: shorter than the way of a slow player and he may find it gone, longer and what a dead gateway has
     *     reserved is empty for longer
     */
    public Places(int max, long keepNanos) {
        if (keepNanos < 1) {
            throw new IllegalArgumentException("a place is kept for a positive time, got " + keepNanos + " ns");
        }
        limit(max);
        this.keepNanos = keepNanos;
    }

    /** Nobody who is here has to go if it is less than before. */
    public void limit(int places) {
        if (places < 0) {
            throw new IllegalArgumentException("a server has 0 places or more, got " + places);
        }
        max = places;
    }

    /** Keeps a place for somebody who is being sent; false if there is none. */
    public boolean reserve(long nowNanos) {
        if (taken + kept(nowNanos) >= max) {
            return false;
        }
        kept.add(nowNanos + keepNanos);
        return true;
    }

    /** Somebody is here; false if he must go. */
    public boolean enter(long nowNanos) {
        if (taken >= max) {
            return false;
        }
        if (kept(nowNanos) > 0) {
            kept.remove();
        }
        taken++;
        return true;
    }

    /** Somebody who had entered has gone. */
    public void leave() {
        if (taken == 0) {
            throw new IllegalStateException("nobody is here who could go");
        }
        taken--;
    }

    public int max() {
        return max;
    }

    public int taken() {
        return taken;
    }

    /** Places that are kept and not taken yet. */
    public int kept(long nowNanos) {
        while (!kept.isEmpty() && kept.getFirst() - nowNanos <= 0) {
            kept.remove();
        }
        return kept.size();
    }
}
