package dev.berth.lab.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No class is named after nothing in particular, and every package of main sources says what it is and is null-marked. */
final class NamesTest {
    private static final List<String> ENDINGS = List.of("Manager", "Helper", "Util", "Utils", "Kit", "Impl");
    private static final List<String> BEGINNINGS = List.of("Abstract", "Base");

    @Test
    void noClass_hasAnEmptyName() {
        var classes = Berth.all().stream().map(type -> type.getSimpleName());

        assertThat(emptyNames(classes)).isEmpty();
    }

    @Test
    void emptyName_isReported() {
        assertThat(emptyNames(
                        Stream.of("SlotManager", "StringUtils", "AbstractSlot", "BaseSlot", "Basement", "Kitchen")))
                .containsExactly("SlotManager", "StringUtils", "AbstractSlot", "BaseSlot");
    }

    @Test
    void everyPackage_isNullMarked() {
        var packages = Checkout.ofThisBuild().javaFiles().stream()
                .filter(file -> file.toString().contains("/src/main/java/"))
                .map(Path::getParent)
                .distinct();

        assertThat(packages.filter(directory -> !isNullMarked(directory))).isEmpty();
    }

    @Test
    void packageWithoutMark_isReported() {
        assertThat(isNullMarked(Checkout.ofThisBuild().root())).isFalse();
    }

    private static List<String> emptyNames(Stream<String> names) {
        return names.filter(name -> ENDINGS.stream().anyMatch(name::endsWith)
                        || BEGINNINGS.stream().anyMatch(beginning -> name.matches(beginning + "([A-Z].*)?")))
                .toList();
    }

    private static boolean isNullMarked(Path directory) {
        var file = directory.resolve("package-info.java");
        try {
            return Files.exists(file) && Files.readString(file).contains("@NullMarked\npackage ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
