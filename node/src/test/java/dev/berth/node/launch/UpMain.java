package dev.berth.node.launch;

import java.io.PrintStream;
import java.io.PrintWriter;

/** The command as a process. */
final class UpMain {
    private UpMain() {}

    public static void main(String[] args) {
        System.exit(new UpCommand().run(writer(System.out), writer(System.err), args));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }
}
