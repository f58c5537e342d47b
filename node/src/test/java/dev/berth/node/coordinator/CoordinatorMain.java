package dev.berth.node.coordinator;

import java.io.PrintStream;
import java.io.PrintWriter;

/** The command as a process. */
final class CoordinatorMain {
    private CoordinatorMain() {}

    public static void main(String[] args) {
        System.exit(new CoordinatorCommand().run(writer(System.out), writer(System.err), args));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }
}
