package dev.berth.node.demo;

import java.nio.file.Path;

// A demonstration is read while it runs; that its own node has found a master is of no interest among its lines.

/** Where the process of a demonstration logs. One thread, before anything has logged: later it changes nothing. */
public final class OwnLog {
    /** In the demonstration's directory. */
    public static final String FILE = "players.log";

    private static final String CONFIGURATION = "logback.configurationFile";

    private OwnLog() {}

    /** All of it goes to a file there, and what is worth a warning to standard error too; but whoever has said another configuration has that. */
    public static void into(Path dir) {
        if (System.getProperty(CONFIGURATION) == null) {
            System.setProperty("berth.demo.log", dir.resolve(FILE).toString());
            System.setProperty(CONFIGURATION, "dev/berth/node/demo/logback.xml");
        }
    }
}
