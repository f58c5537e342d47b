package dev.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

// What a reviewer should read as a diff is kept in a file and compared. With -Dberth.write=true the test run writes
// the files anew instead; the diff is then looked at and committed, or the code is wrong.

/** A file that has to say what the code says. */
public record WrittenDown(Path file) {
    private static final boolean WRITE = Boolean.getBoolean("berth.write");

    /** A file below the root of the checkout. */
    public static WrittenDown at(String path) {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("jvm.flags"))) {
            directory = Objects.requireNonNull(directory.getParent(), "the tests run outside of a checkout");
        }
        return new WrittenDown(directory.resolve(path));
    }

    public void assertSays(String expected) {
        try {
            if (WRITE) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, expected);
            }
            assertThat(Files.readString(file))
                    .as("%s; if the change is meant: mvn -pl core test -Dberth.write=true", file.getFileName())
                    .isEqualTo(expected);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String text() {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
