package dev.berth.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

// Small records, one for each kind of component, against the bytes that protocol buffers prescribe for them. What a
// whole message looks like is in the golden file of the protocol.

/** How each type of component stands on the wire. */
class CodecTest {
    record Numbers(
            @Field(1) boolean flag,
            @Field(2) int small,
            @Field(16) long large) {}

    record Words(
            @Field(value = 1, max = 8) String text,
            @Field(value = 2, max = 4) Bytes bytes) {}

    enum Tide {
        @Code(1)
        LOW,
        @Code(7)
        HIGH
    }

    record Wrapper(int value) {
        Wrapper {
            if (value > 9) {
                throw new IllegalArgumentException("one digit, got " + value);
            }
        }
    }

    record Label(String value) {}

    record Nested(
            @Field(1) Tide tide,
            @Field(2) Wrapper wrapper,
            @Field(3) Label label) {}

    record Maybe(
            @Field(1) @Nullable Nested nested,
            @Field(2) @Nullable Tide tide,
            @Field(3) @Nullable Shape shape) {}

    sealed interface Shape {
        @Code(1)
        record Dot() implements Shape {}

        @Code(2)
        record Circle(@Field(1) int radius) implements Shape {}
    }

    record Lists(
            @Field(value = 1, max = 3) List<Integer> numbers,
            @Field(2) List<String> texts,
            @Field(3) List<Shape> shapes,
            @Field(4) List<Tide> tides,
            @Field(5) List<Wrapper> wrappers,
            @Field(6) List<Boolean> flags) {}

    private static <T> void assertBytes(Class<T> type, T value, String hex) throws WireException {
        Codec<T> codec = Codec.of(type);

        assertThat(Hex.text(codec.encode(value))).isEqualTo(hex.replace(" ", ""));
        assertThat(codec.decode(Hex.bytes(hex), Limits.PEER)).isEqualTo(value);
    }

    @Test
    void numbers_areZigzagVarints_andZerosAreLeftOut() throws WireException {
        assertBytes(Numbers.class, new Numbers(false, 0, 0), "");
        assertBytes(Numbers.class, new Numbers(true, -1, 1), "0801 1001 800102");
        assertBytes(Numbers.class, new Numbers(true, 150, 0), "0801 10ac02");
        assertBytes(Numbers.class, new Numbers(false, Integer.MIN_VALUE, 0), "10ffffffff0f");
        assertBytes(Numbers.class, new Numbers(false, Integer.MAX_VALUE, 0), "10feffffff0f");
        assertBytes(Numbers.class, new Numbers(false, 0, Long.MIN_VALUE), "8001 ffffffffffffffffff01");
        assertBytes(Numbers.class, new Numbers(false, 0, Long.MAX_VALUE), "8001 feffffffffffffffff01");
    }

    @Test
    void textAndBytes_followTheirLength() throws WireException {
        assertBytes(Words.class, new Words("", Bytes.EMPTY), "");
        assertBytes(Words.class, new Words("slot", Bytes.wrap(new byte[] {1, 0})), "0a04 736c6f74 1202 0100");
        assertBytes(Words.class, new Words("ä€", Bytes.EMPTY), "0a05 c3a4e282ac");
        assertBytes(Words.class, new Words("\uD83C\uDFB2", Bytes.EMPTY), "0a04 f09f8eb2");
    }

    @Test
    void nestedRecord_isLengthAndFields_andIsThereEvenIfEmpty() throws WireException {
        assertBytes(
                Maybe.class,
                new Maybe(new Nested(Tide.HIGH, new Wrapper(3), new Label("x")), Tide.LOW, new Shape.Circle(2)),
                "0a07 0807 1006 1a0178 1001 1a04 1202 0804");
        assertBytes(Maybe.class, new Maybe(null, null, new Shape.Dot()), "1a02 0a00");
        assertBytes(Maybe.class, new Maybe(null, null, null), "");
    }

    @Test
    void longNestedValue_movesUpForItsLength() throws WireException {
        for (int size : List.of(127, 128, 16_383, 16_384, 60_000)) {
            Codec<Label300> codec = Codec.of(Label300.class);
            Label300 value = new Label300(new Blob(Bytes.wrap(new byte[size])));

            assertThat(codec.decode(codec.encode(value), Limits.PEER)).isEqualTo(value);
        }
    }

    record Label300(@Field(1) Blob blob) {}

    record Blob(@Field(1) Bytes bytes) {}

    @Test
    void lists_arePackedForNumbers_andRepeatedForOthers() throws WireException {
        assertBytes(
                Lists.class,
                new Lists(
                        List.of(1, -1, 0),
                        List.of("a", ""),
                        List.of(new Shape.Dot(), new Shape.Circle(0)),
                        List.of(Tide.LOW),
                        List.of(new Wrapper(0)),
                        List.of(true, false)),
                "0a03 020100 1201 61 1200 1a02 0a00 1a02 1200 2201 01 2a01 00 3202 0100");
        assertBytes(Lists.class, new Lists(List.of(), List.of(), List.of(), List.of(), List.of(), List.of()), "");
    }

    @Test
    void numbersOneFieldEach_areUnderstoodToo() throws WireException {
        assertThat(Codec.of(Lists.class)
                        .decode(Hex.bytes("0802 0a0101 0800"), Limits.PEER)
                        .numbers())
                .containsExactly(1, -1, 0);
    }

    @Test
    void fieldsInAnyOrder_areUnderstood() throws WireException {
        assertThat(Codec.of(Numbers.class).decode(Hex.bytes("800102 1001 0801"), Limits.PEER))
                .isEqualTo(new Numbers(true, -1, 1));
    }

    @Test
    void sealedInterface_canBeTheWholeValue() throws WireException {
        assertBytes(Shape.class, new Shape.Circle(1), "1202 0802");
    }

    @Test
    void writingOverABound_isTheCallersBug_namedWithItsNumbers() {
        Codec<Words> words = Codec.of(Words.class);
        Codec<Lists> lists = Codec.of(Lists.class);

        assertThatThrownBy(() -> words.encode(new Words("ninebytes", Bytes.EMPTY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Words.text: 9 bytes of text, at most 8");
        assertThatThrownBy(() -> words.encode(new Words("", Bytes.wrap(new byte[5]))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Words.bytes: 5 bytes, at most 4");
        assertThatThrownBy(() -> words.encode(new Words("\uD83C", Bytes.EMPTY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Words.text: half a surrogate pair at 0");
        assertThatThrownBy(() -> lists.encode(
                        new Lists(List.of(1, 2, 3, 4), List.of(), List.of(), List.of(), List.of(), List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Lists.numbers: 4 elements, at most 3");
    }
}
