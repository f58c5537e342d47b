package dev.berth.gate;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where one thing is done at a time. Any thread. */
interface Turns {
    Logger LOG = LoggerFactory.getLogger(Turns.class);

    /** Does it there; what cannot be done any more is not. */
    void run(int bytes, Runnable what);

    void after(int millis, Runnable what);

    static Turns of(Client client) {
        return new Turns() {
            @Override
            public void run(int bytes, Runnable what) {
                if (client.loop().inEventLoop()) {
                    what.run();
                } else {
                    var _ = client.execute(bytes, what);
                }
            }

            @Override
            public void after(int millis, Runnable what) {
                var _ = client.after(millis, what);
            }
        };
    }

    /** @param thread a single one; its owner may end it at any time, and an answer of the cluster finds nobody then */
    static Turns of(ScheduledExecutorService thread) {
        return new Turns() {
            @Override
            public void run(int bytes, Runnable what) {
                if (thread instanceof EventExecutor loop && loop.inEventLoop()) {
                    what.run();
                    return;
                }
                try {
                    thread.execute(what);
                } catch (RejectedExecutionException ended) {
                    LOG.debug("nobody hears any more: {}", ended.getMessage());
                }
            }

            @Override
            public void after(int millis, Runnable what) {
                try {
                    var _ = thread.schedule(what, millis, TimeUnit.MILLISECONDS);
                } catch (RejectedExecutionException ended) {
                    LOG.debug("nobody hears any more: {}", ended.getMessage());
                }
            }
        };
    }
}
