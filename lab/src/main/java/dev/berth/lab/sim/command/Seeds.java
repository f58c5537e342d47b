package dev.berth.lab.sim.command;

import dev.berth.lab.sim.run.Order;
import dev.berth.lab.sim.run.Result;
import dev.berth.lab.sim.run.SeedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** Runs seeds, a few at a time: each in a world and a thread of its own. The result does not depend on the threads. */
final class Seeds {
    private final LongFunction<Order> orders;
    private final int threads;
    private final Figures figures;
    private final Progress progress;

    Seeds(LongFunction<Order> orders, int threads, Figures figures, Progress progress) {
        this.orders = orders;
        this.threads = threads;
        this.figures = figures;
        this.progress = progress;
    }

    /** Runs the seeds from {@code first} up to and not including {@code end}. */
    void run(long first, long end) {
        AtomicLong next = new AtomicLong(first);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < Math.min(threads, end - first); i++) {
            workers.add(Thread.ofPlatform().name("seeds-" + i).start(() -> work(next, end, end - first)));
        }
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                next.set(end);
            }
        }
        progress.end();
    }

    private void work(AtomicLong next, long end, long count) {
        for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
            Result result = new SeedRun(orders.apply(seed)).run();
            figures.add(result);
            progress.show(figures.seeds(), count, figures.failureCount());
        }
    }
}
