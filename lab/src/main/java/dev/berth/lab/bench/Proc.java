package dev.berth.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux says of a process. Any thread. */
record Proc(long pid) {
    /** Linux counts processor time in hundredths of a second, on every architecture that it shows to programs. */
    private static final double TICKS_PER_SECOND = 100;

    /** After the name, which may contain anything but ends with the last parenthesis. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;

    /** What it keeps in memory, in MiB. */
    long residentMiB() throws IOException {
        for (String line : Files.readAllLines(path("status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return 0;
    }

    /** How long processors have worked for it. */
    double cpuSeconds() throws IOException {
        String text = Files.readString(path("stat"));
        List<String> fields = List.of(text.substring(text.lastIndexOf(')') + 2).split(" ", -1));
        return (Long.parseLong(fields.get(USER_TICKS)) + Long.parseLong(fields.get(SYSTEM_TICKS))) / TICKS_PER_SECOND;
    }

    private Path path(String file) {
        return Path.of("/proc", String.valueOf(pid), file);
    }
}
