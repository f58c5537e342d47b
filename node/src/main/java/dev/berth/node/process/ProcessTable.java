package dev.berth.node.process;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

// The number 0 is the node's own. Numbers of one life are 2^24, given out in a circle: a place that is free again is
// not used before all others have
// been, so an old address hits nobody for a long time. Four bytes per process, in pages.

/** The processes of a node by their numbers. Any thread. */
final class ProcessTable {
    static final int NUMBERS = 1 << 24;
    /** So that a free place is found soon. */
    static final int PROCESSES_MAX = NUMBERS / 2;

    private static final int PAGE_BITS = 12;
    private static final int PAGE = 1 << PAGE_BITS;

    private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable LocalProcess>> pages =
            new AtomicReferenceArray<>(NUMBERS / PAGE);
    private final AtomicLong given = new AtomicLong(1);
    private final AtomicInteger count = new AtomicInteger();

    /** Takes a number; nobody is found under it yet. */
    int reserve() {
        if (count.incrementAndGet() > PROCESSES_MAX) {
            count.decrementAndGet();
            throw new IllegalStateException("a node has " + PROCESSES_MAX + " processes at most: start another node");
        }
        int number;
        do {
            number = (int) given.getAndIncrement() & NUMBERS - 1;
        } while (get(number) != null);
        return number;
    }

    void put(int number, LocalProcess process) {
        page(number).set(number & PAGE - 1, process);
    }

    @Nullable
    LocalProcess get(int number) {
        AtomicReferenceArray<@Nullable LocalProcess> page = pages.get(number >>> PAGE_BITS);
        return page == null ? null : page.get(number & PAGE - 1);
    }

    void remove(int number) {
        page(number).set(number & PAGE - 1, null);
        release();
    }

    /** A number that was reserved is not used after all. */
    void release() {
        count.decrementAndGet();
    }

    private AtomicReferenceArray<@Nullable LocalProcess> page(int number) {
        int place = number >>> PAGE_BITS;
        AtomicReferenceArray<@Nullable LocalProcess> page = pages.get(place);
        if (page == null) {
            pages.compareAndSet(place, null, new AtomicReferenceArray<>(PAGE));
            page = pages.get(place);
            if (page == null) {
                throw new IllegalStateException("a page of the process table has vanished");
            }
        }
        return page;
    }

    int count() {
        return count.get();
    }
}
