package dev.berth.node.launch;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

// Started through setsid, the process leads a session and a group of its own whose number is its process id. Waiting
// for the leader is the JDK's; whether anybody else is left in the group the kernel says. Once the leader has been
// waited for, a process with its number can only be a stranger, and then the group is gone, since a number that names
// a group is not given away.

/** One life of a node: its process and its group. Watched by a thread of its own; asked and signalled by the launcher's. */
final class Voyage {
    private static final long TAP_MILLIS = 500;
    private static final long LOOK_MILLIS_MAX = 50;

    private final Process process;
    private final long group;
    private volatile boolean waitedFor;

    Voyage(Process process) {
        this.process = process;
        this.group = process.pid();
    }

    long pid() {
        return group;
    }

    /** What becomes of it, in this order. */
    interface Ears {
        void exited(int code);

        void leftover();

        void emptied();
    }

    /** Waits for the process, then for the group. */
    void watch(Thread tap, Ears ears) throws InterruptedException {
        int code = process.waitFor();
        waitedFor = true;
        // What it has said last is heard before its end, unless somebody else holds its output open.
        tap.join(TAP_MILLIS);
        ears.exited(code);
        if (!isEmpty()) {
            ears.leftover();
            for (long pause = 1; !isEmpty(); pause = Math.min(2 * pause, LOOK_MILLIS_MAX)) {
                TimeUnit.MILLISECONDS.sleep(pause);
            }
        }
        ears.emptied();
    }

    private boolean isEmpty() {
        Posix.reap(group);
        return !Posix.groupExists(group) || ProcessHandle.of(group).isPresent();
    }

    // By its handle: Process.destroy would close its streams too, and a node whose input ends believes its launcher
    // dead.

    /** SIGTERM to the process; to its group, if that is all that is left. */
    void terminate() {
        if (!waitedFor) {
            process.toHandle().destroy();
        } else if (!isEmpty()) {
            Posix.kill(-group, Posix.SIGTERM);
        }
    }

    void kill() {
        if (!waitedFor) {
            Posix.kill(-group, Posix.SIGKILL);
            process.toHandle().destroyForcibly();
        } else if (!isEmpty()) {
            Posix.kill(-group, Posix.SIGKILL);
        }
    }

    /** The launcher's end of standard input stays open as long as this object is held; closing it ends the node. */
    void letGo(Consumer<? super String> complain) {
        try {
            process.getOutputStream().close();
        } catch (IOException ended) {
            complain.accept("its standard input: " + ended.getMessage());
        }
    }
}
