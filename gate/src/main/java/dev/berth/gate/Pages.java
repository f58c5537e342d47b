package dev.berth.gate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

// Read once, when the gate opens, and looked up by their whole paths: a request names one of them or nothing, so there
// is no path that leads out of the directory, no file that is read on an event loop, and nothing that grows.

/** The files that browsers get at a port. Immutable. */
final class Pages {
    static final Pages NONE = new Pages(Map.of());
    private static final int FILES_MAX = 256;
    private static final int FILE_MAX = 1 << 20;
    private static final int ALL_MAX = 1 << 24;
    /** Of the directories, one within the other. */
    private static final int DEPTH_MAX = 8;

    /** Of a path, without its slashes; no other name needs escapes, and names with a dot in front are not for strangers. */
    private static final String NAME = "[A-Za-z0-9_-][A-Za-z0-9._-]*";

    /** The browser's client, for pages that have none of their own: the one that speaks as this gate does. */
    private static final String CLIENT = "berth.js";

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("webp", "image/webp"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("ogg", "audio/ogg"));

    private final Map<String, Page> byPath;

    /** What is answered with 200. */
    record Page(String type, ByteBuf bytes) {}

    private Pages(Map<String, Page> byPath) {
        this.byPath = Map.copyOf(byPath);
    }

    /** @throws IOException when it is no directory, cannot be read, or has too much in it */
    static Pages of(Path directory) throws IOException {
        Map<String, Page> found = new TreeMap<>();
        long bytes = 0;
        for (Path file : files(directory)) {
            if (Files.size(file) > FILE_MAX) {
                throw tooMuch(directory, file + " has " + Files.size(file) + " bytes");
            }
            byte[] content = Files.readAllBytes(file);
            bytes += content.length;
            String path = "/" + String.join("/", names(directory.relativize(file)));
            found.put(path, page(path, content));
            if (found.size() > FILES_MAX || bytes > ALL_MAX) {
                throw tooMuch(directory, "there are more");
            }
        }
        if (!found.containsKey("/" + CLIENT)) {
            found.put("/" + CLIENT, page(CLIENT, client()));
        }
        return new Pages(found);
    }

    private static IOException tooMuch(Path directory, String what) {
        return new IOException("the pages in " + directory + " are at most " + FILES_MAX + " files of " + FILE_MAX
                + " bytes, together " + ALL_MAX + ": " + what + "; a web server or a CDN is for such");
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException(
                    "cannot read pages from " + directory.toAbsolutePath() + ": there is no such directory");
        }
        try (Stream<Path> all = Files.walk(directory, DEPTH_MAX)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> names(directory.relativize(file)).stream().allMatch(name -> name.matches(NAME)))
                    .toList();
        }
    }

    private static List<String> names(Path relative) {
        return Stream.iterate(0, i -> i < relative.getNameCount(), i -> i + 1)
                .map(i -> relative.getName(i).toString())
                .toList();
    }

    /** Nobody releases it, and everybody reads it from its beginning. */
    private static Page page(String path, byte[] content) {
        return new Page(type(path), Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(content)));
    }

    private static String type(String path) {
        return TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
    }

    private static byte[] client() throws IOException {
        try (InputStream in = Pages.class.getResourceAsStream(CLIENT)) {
            if (in == null) {
                throw new IOException(CLIENT + " is not on the class path beside the gate's classes");
            }
            return in.readAllBytes();
        }
    }

    /** Null if there is nothing at this path; one that ends with a slash means its {@code index.html}. */
    @Nullable
    Page at(String path) {
        return byPath.get(path.endsWith("/") ? path + "index.html" : path);
    }
}
