package dev.berth.node.launch;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

// The launcher holds the other end of standard input and never writes. The kernel closes it when the launcher ends,
// however it ends, so nothing has to be polled and no process id can be mistaken for another.

/**
 * Ends this process when its launcher has ended: first in good order, and by halt when that takes too long. Any thread.
 */
public final class LauncherWatch {
    static final int EXIT_CODE = 75;
    private static final long ORDERLY_MILLIS = 5_000;
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private LauncherWatch() {}

    /** Watches, if a launcher has started this process; {@link NodeMain} does it for all nodes. More than once is harmless. */
    public static void start() {
        if (System.getenv(NodeEnvironment.LAUNCHER) != null && STARTED.compareAndSet(false, true)) {
            Thread.ofPlatform().name("berth-launcher-watch").daemon().start(() -> watch(System.in));
        }
    }

    private static void watch(InputStream launcher) {
        try {
            while (launcher.read() >= 0) {
                // Nothing is meant by what comes here.
            }
        } catch (IOException broken) {
            System.err.println("berth-node: " + broken);
        }
        System.err.println("berth-node: the launcher has ended, so does this node");
        Thread.ofPlatform().name("berth-halt").daemon().start(LauncherWatch::haltLater);
        System.exit(EXIT_CODE);
    }

    private static void haltLater() {
        try {
            TimeUnit.MILLISECONDS.sleep(ORDERLY_MILLIS);
        } catch (InterruptedException inAHurry) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
