package dev.berth.poker.operate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The page, which gates serve from a directory. Any thread. */
final class Page {
    private static final List<String> FILES = List.of("index.html", "poker.css", "poker.js");

    private Page() {}

    /** Anew each time: a page belongs to its release. It tries the gates at these ports of its own host. */
    static void copyTo(Path directory, List<Integer> ports) throws IOException {
        Files.createDirectories(directory);
        for (String name : FILES) {
            try (InputStream in = Page.class.getResourceAsStream("/dev/berth/poker/page/" + name)) {
                if (in == null) {
                    throw new IOException("this build has no page: " + name + " is missing in berth-poker");
                }
                Files.copy(in, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.writeString(directory.resolve("gates.json"), "{\"ports\": " + ports + "}\n");
    }
}
