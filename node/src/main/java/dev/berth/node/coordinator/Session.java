package dev.berth.node.coordinator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;

// One ZooKeeper session after another, on one thread. Nothing is sent twice: a write that is repeated after its answer
// was lost meets its own version and would be reported as a conflict, although it was done. So a lost connection is an
// unknown outcome, and whoever asked decides what to do about it. Within one session ZooKeeper executes requests in the
// order in which they were sent, also across reconnections, and a session that has ended executes nothing any more.
//
// A server that was emptied turns away whoever has seen more transactions than it has, without a word, for ever; the
// client library takes that for a server that lags behind. So a handle that has found nobody for twice as long as its
// session lasts is given up for a new one, which has seen nothing. Its session is over by then wherever it was known.

/** The connection to the coordinator. Any thread may call it; it works, and tells its listeners, on a thread of its own. */
final class Session implements AutoCloseable {
    /** Told on the session's thread. */
    interface Listener {
        void connected(ZooKeeper keeper);

        /** Nothing is known any more of what this session holds: it may be over already. */
        void suspended(String cause);
    }

    static final int AGAIN_MILLIS = 1_000;
    private static final int SAY_FIRST_MILLIS = 2_000;
    private static final int SAY_AGAIN_MILLIS = 30_000;
    /** Requests that wait for the thread; it only hands them over, so more means that it stands still. */
    private static final int WAITING_MAX = 1_000;

    private static final int CLOSE_MILLIS = 10_000;

    private final CoordinatorConfig config;
    private final Consumer<String> note;
    private final Consumer<Throwable> broken;
    private final ScheduledThreadPoolExecutor thread;
    private final List<Listener> listeners = new ArrayList<>();
    private @Nullable ZooKeeper keeper;
    private boolean connected;
    private boolean closed;
    /** Counts the connections, so that a reminder knows whether it is still about the same absence. */
    private long absence;

    /** @param broken told when this object itself has failed; it does nothing any more then */
    Session(CoordinatorConfig config, Consumer<String> note, Consumer<Throwable> broken) {
        this.config = config;
        this.note = note;
        this.broken = broken;
        this.thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("berth-coordinator-client").daemon().factory());
        this.thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void start() {
        post(() -> {
            open();
            remindIn(SAY_FIRST_MILLIS);
        });
    }

    void listen(Listener listener) {
        post(() -> {
            listeners.add(listener);
            if (connected && keeper != null) {
                listener.connected(keeper);
            }
        });
    }

    /** Does it on the session's thread; false if the session was closed. */
    boolean post(Runnable work) {
        try {
            thread.execute(() -> guarded(work));
            return true;
        } catch (RejectedExecutionException over) {
            // Closed: whoever asks after that hears it from the result.
            return false;
        }
    }

    void postIn(long millis, Runnable work) {
        try {
            var _ = thread.schedule(() -> guarded(work), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException over) {
            // Closed: there is nothing left to be done later.
            return;
        }
    }

    /** Sends, or, when there is no session to send it in or too much waits, says so: then it surely was not sent. */
    void send(Consumer<ZooKeeper> request, Runnable notSent) {
        boolean taken = thread.getQueue().size() < WAITING_MAX
                && post(() -> {
                    if (keeper == null) {
                        notSent.run();
                    } else {
                        request.accept(keeper);
                    }
                });
        if (!taken) {
            notSent.run();
        }
    }

    /** Whether answers of this handle still matter. On the session's thread. */
    boolean isCurrent(ZooKeeper asked) {
        return connected && asked.equals(keeper);
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error failure) {
            // The session ends with us, or its candidate would stay elected while nobody listens.
            thread.shutdown();
            endSession();
            broken.accept(failure);
        }
    }

    private void open() {
        if (closed) {
            return;
        }
        ZKClientConfig client = new ZKClientConfig();
        client.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        ZooKeeper[] opened = new ZooKeeper[1];
        try {
            opened[0] = new ZooKeeper(
                    config.servers(), config.sessionMillis(), event -> post(() -> heard(opened[0], event)), client);
            keeper = opened[0];
        } catch (IOException unreachable) {
            note.accept("coordinator " + config.servers() + " cannot be used: " + unreachable.getMessage()
                    + "; check the addresses; trying again");
            postIn(SAY_AGAIN_MILLIS, this::open);
        }
    }

    private void heard(ZooKeeper from, WatchedEvent event) {
        if (!from.equals(keeper)) {
            return;
        }
        switch (event.getState()) {
            case SyncConnected -> connected(from);
            case Disconnected -> suspended("disconnected");
            case Expired -> {
                suspended("session expired");
                keeper = null;
                close(from);
                open();
            }
            case Closed -> suspended("closed");
            default -> {
                suspended(event.getState().toString());
                note.accept("coordinator " + config.servers() + " does not let this client in: " + event.getState());
            }
        }
    }

    private void connected(ZooKeeper by) {
        if (!connected && !closed) {
            connected = true;
            absence++;
            note.accept("coordinator " + config.servers() + " -> CONNECTED session=0x"
                    + Long.toHexString(by.getSessionId()));
            listeners.forEach(listener -> listener.connected(by));
        }
    }

    private void suspended(String cause) {
        if (connected) {
            connected = false;
            absence++;
            note.accept("coordinator " + config.servers() + " CONNECTED -> SUSPENDED cause=" + cause);
            listeners.forEach(listener -> listener.suspended(cause));
            remindIn(SAY_FIRST_MILLIS);
            giveUpInVain();
        }
    }

    private void giveUpInVain() {
        long of = absence;
        ZooKeeper vain = keeper;
        int lasts = vain == null ? 0 : Math.max(vain.getSessionTimeout(), config.sessionMillis());
        postIn(2L * lasts, () -> {
            if (of == absence && !connected && !closed && vain != null && vain.equals(keeper)) {
                keeper = null;
                // It may take a while to see that nobody hears its farewell.
                Thread.ofVirtual().start(() -> close(vain));
                open();
            }
        });
    }

    private void remindIn(int millis) {
        long of = absence;
        postIn(millis, () -> {
            if (of == absence && !connected && !closed) {
                note.accept("coordinator " + config.servers()
                        + " does not answer; trying again. Is it running, and is the address right?"
                        + " 'berth coordinator' starts one");
                remindIn(SAY_AGAIN_MILLIS);
            }
        });
    }

    /** Ends the session, after all that was sent before, so that others need not wait for it to expire. */
    @Override
    public void close() {
        post(() -> {
            suspended("closed");
            endSession();
        });
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                note.accept("coordinator " + config.servers() + ": its client has not ended yet and is left behind");
            }
        } catch (InterruptedException hurry) {
            // The caller is in a hurry; what is left ends with the process.
            Thread.currentThread().interrupt();
        }
    }

    private void endSession() {
        closed = true;
        ZooKeeper last = keeper;
        keeper = null;
        if (last != null) {
            close(last);
        }
    }

    private static void close(ZooKeeper handle) {
        try {
            handle.close();
        } catch (InterruptedException hurry) {
            // The session expires instead of being closed.
            Thread.currentThread().interrupt();
        }
    }
}
