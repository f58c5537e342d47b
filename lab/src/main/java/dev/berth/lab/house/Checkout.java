package dev.berth.lab.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The source tree that this class was built from. Any thread may use it. */
record Checkout(Path root) {
    /** Looks upward from where this class was loaded: a build stays inside its checkout, wherever it is started. */
    static Checkout ofThisBuild() {
        Path built;
        try {
            built = Path.of(Checkout.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        for (Path at = built; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("jvm.flags")) && Files.exists(at.resolve("pom.xml"))) {
                return new Checkout(at);
            }
        }
        throw new IllegalStateException("no checkout of Berth above " + built);
    }

    /** Every source file, main and test, sorted; build output and hidden directories are left out. */
    List<Path> javaFiles() {
        var files = new ArrayList<Path>();
        var visitor = new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                var name = directory.getFileName().toString();
                var skipped = name.equals("target") || (name.startsWith(".") && !directory.equals(root));
                return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java")) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(root, visitor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Collections.sort(files);
        return files;
    }
}
