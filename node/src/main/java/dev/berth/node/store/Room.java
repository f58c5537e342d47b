package dev.berth.node.store;

import dev.berth.core.store.StoreRefusal;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What a client may have in flight, and has. Any thread. */
final class Room {
    private final StoreClientConfig config;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger loads = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Room(StoreClientConfig config) {
        this.config = config;
    }

    /** Null if there was room, and is that much less now. */
    @Nullable
    StoreRefusal enter(Errand<?> errand) {
        int waiting = requests.incrementAndGet();
        boolean fits = waiting <= config.inFlightMax();
        fits &= bytes.addAndGet(errand.bytes()) <= config.inFlightBytesMax();
        fits &= (errand.isLoad() ? loads.incrementAndGet() : 0) <= config.loadsMax();
        if (fits) {
            return null;
        }
        leave(errand);
        return new StoreRefusal.Busy(waiting - 1);
    }

    /** Whoever can wait should: there is room for what is under way already, and for not much more. */
    boolean isCrowded() {
        return requests.get() > config.inFlightMax() / 4 * 3 || bytes.get() > config.inFlightBytesMax() / 4 * 3;
    }

    void leave(Errand<?> errand) {
        requests.decrementAndGet();
        bytes.addAndGet(-errand.bytes());
        if (errand.isLoad()) {
            loads.decrementAndGet();
        }
    }
}
