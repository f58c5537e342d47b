package dev.berth.console;

import java.io.PrintStream;
import java.io.PrintWriter;

/** Entry of the process {@code berth}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(Door.found().enter(writer(System.out), writer(System.err), args));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }
}
