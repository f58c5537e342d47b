package dev.berth.lab.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A third of the code is tests: lines below src/test among those of all modules, counted. */
final class ShareTest {
    private static final double LEAST = 1.0 / 3;

    @Test
    @Tag("S3.44")
    void aThirdOfTheCode_isTests() throws IOException {
        List<Path> all = Checkout.ofThisBuild().javaFiles();
        double tests = lines(all, "test");
        double main = lines(all, "main");
        assertThat(main).isPositive();
        assertThat(tests / (tests + main)).isGreaterThanOrEqualTo(LEAST);
    }

    private static long lines(List<Path> all, String kind) throws IOException {
        Path below = Path.of("src", kind);
        long lines = 0;
        for (Path file : all) {
            if (isBelow(file, below)) {
                lines += Files.readString(file).lines().count();
            }
        }
        return lines;
    }

    private static boolean isBelow(Path file, Path below) {
        for (int at = 0; at + 2 <= file.getNameCount(); at++) {
            if (file.subpath(at, at + 2).equals(below)) {
                return true;
            }
        }
        return false;
    }
}
