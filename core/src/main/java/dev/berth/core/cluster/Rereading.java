package dev.berth.core.cluster;

import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;

/** Reads the durable record again until an answer comes: the way out of every uncertainty. One thread: the master's. */
final class Rereading {
    private final Requests requests;
    private final long patienceNanos;
    private long request;
    private long againNanos = Machine.NEVER;

    Rereading(Requests requests, long patienceNanos) {
        this.requests = requests;
        this.patienceNanos = patienceNanos;
    }

    boolean isIdle() {
        return againNanos == Machine.NEVER;
    }

    long nextWakeNanos() {
        return againNanos;
    }

    void start(long nowNanos, Outbox<MasterAction> out) {
        request = requests.next();
        againNanos = nowNanos + patienceNanos;
        out.add(new MasterAction.Read(request));
    }

    void advance(long nowNanos, Outbox<MasterAction> out) {
        if (nowNanos >= againNanos) {
            start(nowNanos, out);
        }
    }

    /** Whether this is the answer to the latest read; then there is nothing more to read. */
    boolean answered(long answeredRequest) {
        boolean awaited = !isIdle() && answeredRequest == request;
        if (awaited) {
            againNanos = Machine.NEVER;
        }
        return awaited;
    }

    void failed(long nowNanos, long failedRequest) {
        if (!isIdle() && failedRequest == request) {
            againNanos = nowNanos + patienceNanos / 8;
        }
    }
}
