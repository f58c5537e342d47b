package dev.berth.poker.bot;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What a crowd has done and seen. Any thread. */
public final class Tally {
    private static final int FINDINGS_KEPT_MAX = 100;

    private final LongAdder hands = new LongAdder();
    private final LongAdder actions = new LongAdder();
    private final LongAdder reconnects = new LongAdder();
    private final LongAccumulator longestGapNanos = new LongAccumulator(Math::max, 0);
    private final AtomicLong findings = new AtomicLong();
    private final Queue<Finding> kept = new ConcurrentLinkedQueue<>();

    void hand() {
        hands.increment();
    }

    void action() {
        actions.increment();
    }

    void reconnected(long gapNanos) {
        reconnects.increment();
        longestGapNanos.accumulate(gapNanos);
    }

    /** From an answer to what was heard next. */
    void waited(long gapNanos) {
        longestGapNanos.accumulate(gapNanos);
    }

    void find(Finding finding) {
        if (findings.incrementAndGet() <= FINDINGS_KEPT_MAX) {
            kept.add(finding);
        }
    }

    /** Ends of hands that were heard: a hand of six players counts six times. */
    public long handsHeard() {
        return hands.sum();
    }

    /** Answers to BET_REQs. */
    public long actions() {
        return actions.sum();
    }

    public long reconnects() {
        return reconnects.sum();
    }

    /** From the loss of a connection to the PID on the next one, or from an answer to a BET_REQ to what its table said next. */
    public long longestGapMillis() {
        return longestGapNanos.get() / 1_000_000;
    }

    /** The same since the last time that this was asked. */
    public long takeLongestGapMillis() {
        return longestGapNanos.getThenReset() / 1_000_000;
    }

    /** How many; {@link #findings} are the first of them. */
    public long findingCount() {
        return findings.get();
    }

    public List<Finding> findings() {
        return List.copyOf(kept);
    }

    public long count(Finding.Kind kind) {
        return kept.stream().filter(each -> each.kind() == kind).count();
    }
}
