package dev.berth.gate;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Where one thing is done at a time. Any thread. */
interface Turns {
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

    /** @param thread a single one */
    static Turns of(ScheduledExecutorService thread) {
        return new Turns() {
            @Override
            public void run(int bytes, Runnable what) {
                thread.execute(what);
            }

            @Override
            public void after(int millis, Runnable what) {
                var _ = thread.schedule(what, millis, TimeUnit.MILLISECONDS);
            }
        };
    }
}
