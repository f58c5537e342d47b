package dev.berth.core.cluster;

/** Which of the listed masters a member talks to. One thread: the member's. */
final class Masters {
    private final int count;
    private int current;
    private long heardNanos;
    private long switchedNanos = Long.MIN_VALUE / 2;
    private boolean started;

    Masters(int count) {
        this.count = count;
    }

    int current() {
        return current;
    }

    void heard(int master, long nowNanos) {
        if (master == current) {
            heardNanos = nowNanos;
        }
    }

    boolean isSilent(long nowNanos, long patienceNanos) {
        if (!started) {
            started = true;
            heardNanos = nowNanos;
        }
        return count > 1 && nowNanos - heardNanos >= patienceNanos;
    }

    /** We have not listened ourselves: the master's silence counts from now. */
    void restart(long nowNanos) {
        heardNanos = nowNanos;
    }

    void tryNext(long nowNanos) {
        current = (current + 1) % count;
        heardNanos = nowNanos;
    }

    /** A standing-by master named the leader, or nobody; says whether it is worth asking there at once. */
    boolean follow(int from, int leader, long nowNanos, long paceNanos) {
        if (from != current || nowNanos - switchedNanos < paceNanos) {
            return false;
        }
        switchedNanos = nowNanos;
        int next = leader >= 0 && leader < count ? leader : (current + 1) % count;
        boolean another = next != current;
        current = next;
        heardNanos = nowNanos;
        return another;
    }
}
