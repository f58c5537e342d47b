package dev.berth.node.demo;

import java.io.PrintStream;
import java.io.PrintWriter;

/** The command as a process. */
final class DemoMain {
    private DemoMain() {}

    public static void main(String[] args) {
        System.exit(new DemoCommand().run(writer(System.out), writer(System.err), args));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }
}
