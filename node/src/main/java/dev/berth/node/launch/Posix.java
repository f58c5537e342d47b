package dev.berth.node.launch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

// The JDK can signal a process, not a group, and cannot ask whether a group is empty. The kernel answers that in one
// step (kill with signal 0), which no reading of /proc does: a process may fork and end between two entries of the
// listing.

/** The few system calls that the JDK does not offer. Linux. Any thread. */
final class Posix {
    static final int SIGTERM = 15;
    static final int SIGKILL = 9;

    private static final int ESRCH = 3;
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int WNOHANG = 1;
    private static final int PRIO_PROCESS = 0;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final MethodHandle KILL = handle(
            "kill",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle WAITPID = handle(
            "waitpid",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle SETPRIORITY = handle(
            "setpriority",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle PRCTL = handle(
            "prctl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));

    private Posix() {}

    /** Sends a signal to a process, or to the group {@code -pid}; false if there is none. */
    static boolean kill(long pid, int signal) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(CALL_STATE);
            int result = (int) KILL.invokeExact(state, Math.toIntExact(pid), signal);
            int errno = (int) CALL_STATE
                    .varHandle(MemoryLayout.PathElement.groupElement("errno"))
                    .get(state, 0L);
            return result == 0 || errno != ESRCH;
        } catch (Throwable broken) {
            throw new IllegalStateException("kill(" + pid + ", " + signal + ")", broken);
        }
    }

    /** Whether the group has a member, be it one that has ended and not been waited for. */
    static boolean groupExists(long group) {
        return kill(-group, 0);
    }

    /**
     * Makes orphans of this process's descendants its children, so that they can be waited for: the first process of a container
     * often waits for nobody.
     */
    static void adoptOrphans() {
        try {
            int result = (int) PRCTL.invokeExact(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
            if (result != 0) {
                throw new IllegalStateException(
                        "the kernel does not know PR_SET_CHILD_SUBREAPER: needs Linux 3.4 or newer");
            }
        } catch (RuntimeException | Error broken) {
            throw broken;
        } catch (Throwable broken) {
            throw new IllegalStateException("prctl", broken);
        }
    }

    /** As renice(1), of one thread. False if it has ended, or the system does not allow it. */
    static boolean setNice(int thread, int nice) {
        try {
            return (int) SETPRIORITY.invokeExact(PRIO_PROCESS, thread, nice) == 0;
        } catch (Throwable broken) {
            throw new IllegalStateException("setpriority(" + thread + ", " + nice + ")", broken);
        }
    }

    /** Waits for those children of the group that have ended. Its leader must have been waited for before, by the JDK. */
    static void reap(long group) {
        try {
            int child;
            do {
                child = (int) WAITPID.invokeExact(Math.toIntExact(-group), MemorySegment.NULL, WNOHANG);
            } while (child > 0);
        } catch (Throwable broken) {
            throw new IllegalStateException("waitpid(" + -group + ")", broken);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor shape, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
    }
}
