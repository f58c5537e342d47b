package dev.berth.core.wire;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

// Each record here has one mistake that its author should hear about when the program starts, not when a message is
// lost.

/** Types that cannot travel are refused when their codec is built. */
class SchemaTest {
    record NoNumber(@Field(1) int a, int b) {}

    record SameNumber(@Field(1) int a, @Field(1) int b) {}

    record NullableText(@Field(1) @Nullable String text) {}

    record NullableElements(@Field(1) List<@Nullable String> texts) {}

    record ListOfLists(@Field(1) List<List<String>> texts) {}

    record Unsupported(@Field(1) Map<String, String> map) {}

    enum NoCode {
        A
    }

    record WithNoCode(@Field(1) NoCode value) {}

    enum SameCode {
        @Code(1)
        A,
        @Code(1)
        B
    }

    record WithSameCode(@Field(1) SameCode value) {}

    sealed interface OpenCase permits Open {}

    static non-sealed class Open implements OpenCase {}

    record WithOpenCase(@Field(1) OpenCase value) {}

    sealed interface TwoCases {
        @Code(3)
        record One(@Field(1) int a) implements TwoCases {}

        @Code(3)
        record Other(@Field(1) int a) implements TwoCases {}
    }

    record WithTwoCases(@Field(1) TwoCases value) {}

    private static void refuses(Class<?> type, String why) {
        assertThatThrownBy(() -> Codec.of(type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void mistakes_areNamed() {
        refuses(NoNumber.class, "NoNumber.b needs a @Field number between 1 and 1000");
        refuses(SameNumber.class, "SameNumber has two fields number 1");
        refuses(NullableText.class, "NullableText.text: only records, sealed interfaces and enums can be null");
        refuses(NullableElements.class, "NullableElements.texts: a list on the wire has elements of one class");
        refuses(ListOfLists.class, "ListOfLists.texts: a list on the wire has elements of one class");
        refuses(Unsupported.class, "java.util.Map is no record");
        refuses(WithNoCode.class, "NoCode.A needs a @Code between 1 and 1000");
        refuses(WithSameCode.class, "SameCode has two constants with the code 1");
        refuses(WithOpenCase.class, "is a case of");
        refuses(WithTwoCases.class, "TwoCases has two cases with the code 3");
        refuses(String.class, "is neither a record with fields nor a sealed interface");
    }
}
