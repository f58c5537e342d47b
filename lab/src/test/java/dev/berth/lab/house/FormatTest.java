package dev.berth.lab.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Every source file of the checkout is laid out as {@code ./berth format} would write it. */
final class FormatTest {
    private final SourceFormat format = new SourceFormat();

    @Test
    void everySourceFile_isLaidOut() {
        var unformatted = Checkout.ofThisBuild().javaFiles().parallelStream()
                .filter(file -> !format.isFormatted(file))
                .toList();

        assertThat(unformatted).as("run ./berth format").isEmpty();
    }

    @Test
    void syntaxOfJava25_isUnderstood() throws Exception {
        var source = """
            class T {
                sealed interface Shape permits Dot, Line {}

                record Dot() implements Shape {}

                record Line(int from, int to) implements Shape {}

                T(int x) {
                    if (x < 0) throw new IllegalArgumentException();
                    super();
                }

                int length(Shape shape) {
                    return switch (shape) {
                        case Dot _ -> 0;
                        case Line(int from, var _) when from > 9 -> 9;
                        case Line(int from, int to) -> to - from;
                    };
                }
            }
            """;

        assertThat(format.apply(source)).isEqualTo(source);
        assertThat(format.apply(source.replace("    ", " "))).isEqualTo(source);
    }
}
