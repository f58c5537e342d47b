package dev.berth.lab.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.PublicApi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The public API is what docs/api says. One test per module, and the text of a type that has every kind of member. */
final class ApiTest {
    @TestFactory
    Stream<DynamicTest> publicApi_isAccepted() throws IOException {
        return ApiFile.all(Checkout.ofThisBuild()).stream()
                .map(api -> DynamicTest.dynamicTest(
                        api.file().getFileName().toString(),
                        () -> assertThat(api.difference())
                                .as("the public API changed: announce it in CHANGELOG.md, then ./berth api --accept")
                                .isEmpty()));
    }

    @PublicApi
    public sealed interface Sample<T extends Comparable<T>> permits Sample.Part, Sample.Tide {
        int PORT_MAX = 65_535;

        T first(@Nullable T other, long... epochs) throws IOException;

        default List<? extends T> rest() {
            return List.of();
        }

        record Part(String name, @Nullable Integer size) implements Sample<String> {
            @Override
            public String first(@Nullable String other, long... epochs) {
                return name;
            }
        }

        enum Tide implements Sample<String> {
            LOW,
            HIGH;

            @Override
            public String first(@Nullable String other, long... epochs) {
                return name();
            }
        }
    }

    /** Public, but not marked. */
    public interface Unmarked {}

    static final class Hidden {}

    @Test
    void text_hasEveryKindOfMember() {
        var types = List.<Class<?>>of(Sample.Tide.class, Sample.Part.class, Sample.class, Unmarked.class, Hidden.class);

        assertThat(ApiText.of(types).replace(ApiTest.class.getName() + "$", "")).isEqualTo("""
            public abstract static sealed interface Sample<T extends java.lang.Comparable<T>> permits Sample$Part, Sample$Tide
              public static final int PORT_MAX = 65535
              public abstract T first(@Nullable T, long...) throws java.io.IOException
              public default java.util.List<? extends T> rest()

            public static final record Sample$Part implements Sample<java.lang.String>
              component java.lang.String name
              component @Nullable java.lang.Integer size
              public new(java.lang.String, @Nullable java.lang.Integer)
              public java.lang.String first(@Nullable java.lang.String, long...)

            public static final enum Sample$Tide implements Sample<java.lang.String>
              constant LOW
              constant HIGH
              public java.lang.String first(@Nullable java.lang.String, long...)
            """);
    }

    @Test
    void change_isShownWithItsType() {
        var before = "public record dev.berth.A\n  component int x\n  component int y\n";
        var after = "public record dev.berth.A\n  component int x\n  component long y\n";

        assertThat(new ApiFile(Path.of("core.txt"), before, after).difference()).isEqualTo("""
            - dev.berth.A: component int y
            + dev.berth.A: component long y
            """);
        assertThat(new ApiFile(Path.of("core.txt"), before, before).difference())
                .isEmpty();
    }
}
