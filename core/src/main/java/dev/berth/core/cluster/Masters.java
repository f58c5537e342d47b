package dev.berth.core.cluster;

// Masters that stand by name whom they believe to lead, and two of them may send us to and fro between each other. So
// one hint is followed; after it, until a leading master has answered, all are asked in turn.

/** Which of the listed masters a member talks to. One thread: the member's. */
final class Masters {
    private final int count;
    private int current;
    private long heardNanos;
    private long switchedNanos = Long.MIN_VALUE / 2;
    private boolean started;
    private boolean misled;
    private int lap;

    Masters(int count) {
        this.count = count;
    }

    int current() {
        return current;
    }

    /** @param leads whether only a leading master says such a thing */
    void heard(int master, boolean leads, long nowNanos) {
        misled &= !leads;
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
        current = nextInTurn();
        heardNanos = nowNanos;
    }

    private int nextInTurn() {
        lap = (lap + 1) % count;
        return lap;
    }

    /** A standing-by master named the leader, or nobody; says whether it is worth asking there at once. */
    boolean follow(int from, int leader, long nowNanos, long paceNanos) {
        if (from != current || nowNanos - switchedNanos < paceNanos) {
            return false;
        }
        switchedNanos = nowNanos;
        boolean hinted = leader >= 0 && leader < count && !misled;
        misled = true;
        int next = hinted ? leader : nextInTurn();
        boolean another = next != current;
        current = next;
        heardNanos = nowNanos;
        return another;
    }
}
