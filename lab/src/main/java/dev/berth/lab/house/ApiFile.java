package dev.berth.lab.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The kept signatures of one module, {@code docs/api/MODULE.txt}, beside those of today. One thread uses it. */
record ApiFile(Path file, String kept, String today) {
    /** One for each module that is shipped. Its types are those below the package {@code dev.berth.MODULE}. */
    static List<ApiFile> all(Checkout checkout) throws IOException {
        var found = new ArrayList<ApiFile>();
        for (var module : shippedModules(checkout)) {
            var file = checkout.root().resolve("docs/api/" + module + ".txt");
            var kept = Files.exists(file) ? Files.readString(file) : "";
            found.add(new ApiFile(file, kept, ApiText.of(ModuleTypes.of(checkout, module))));
        }
        return found;
    }

    boolean isAccepted() {
        return kept.equals(today);
    }

    void accept() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, today);
    }

    /** Lines that went, marked with a minus, and lines that came, marked with a plus, each with the type it belongs to. */
    String difference() {
        if (isAccepted()) {
            return "";
        }
        var before = qualified(kept);
        var after = qualified(today);
        var text = new StringBuilder();
        before.stream()
                .filter(line -> !after.contains(line))
                .forEach(line -> text.append("- ").append(line).append('\n'));
        after.stream()
                .filter(line -> !before.contains(line))
                .forEach(line -> text.append("+ ").append(line).append('\n'));
        return text.isEmpty() ? "only the order of lines differs\n" : text.toString();
    }

    private static List<String> qualified(String text) {
        var lines = new ArrayList<String>();
        var type = "";
        for (var line : text.lines().toList()) {
            if (line.startsWith("  ")) {
                lines.add(type + ": " + line.strip());
            } else if (!line.isEmpty()) {
                type = typeName(line);
                lines.add(line);
            }
        }
        return lines;
    }

    private static String typeName(String header) {
        return Arrays.stream(header.split("[ <]"))
                .filter(word -> word.startsWith("dev.berth."))
                .findFirst()
                .orElse(header);
    }

    private static List<String> shippedModules(Checkout checkout) throws IOException {
        try (var children = Files.list(checkout.root())) {
            return children.filter(child -> Files.isDirectory(child.resolve("src/main/java")))
                    .map(child -> child.getFileName().toString())
                    .filter(module -> !module.equals("lab"))
                    .sorted()
                    .toList();
        }
    }
}
