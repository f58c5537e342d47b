package dev.berth.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.berth.core.wire.WireException.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

// One malformed input for each thing that can be wrong, written by hand. What is compared is the whole message,
// because an operator reads it: the path to the field, the value, and what to do.

/** Every kind of malformed value is a WireException that says where and what. */
class RefusalTest {
    enum Tide {
        @Code(1)
        LOW
    }

    record Digit(int value) {
        Digit {
            if (value < 0 || value > 9) {
                throw new IllegalArgumentException("a digit lies between 0 and 9, got " + value);
            }
        }
    }

    record Berth(
            @Field(1) boolean free,
            @Field(2) int depth,
            @Field(value = 3, max = 4) String name,
            @Field(value = 4, max = 2) Bytes papers,
            @Field(5) @Nullable Tide tide,
            @Field(6) Digit pier,
            @Field(value = 7, max = 2) List<Ship> ships,
            @Field(value = 8, max = 2) List<Long> times) {
        Berth {
            if (depth < 0) {
                throw new IllegalArgumentException("a depth is not negative, got " + depth);
            }
        }
    }

    record Ship(@Field(1) Tide sails, @Field(2) Owner owner) {}

    sealed interface Owner {
        @Code(1)
        record Crown() implements Owner {}

        @Code(2)
        record Person(@Field(value = 1, max = 4) String name) implements Owner {}
    }

    private static final String TIDE_AND_CROWN = "0801 1202 0a00";

    private static void refuses(String hex, Kind kind, String message) {
        WireException refusal = catchThrowableOfType(
                WireException.class, () -> Codec.of(Berth.class).decode(Hex.bytes(hex), Limits.PEER));

        assertThat(refusal).as("the refusal of " + hex).isNotNull().hasMessage(message);
        assertThat(refusal.kind()).isEqualTo(kind);
    }

    @Test
    void endingTooEarly_isTruncated() {
        refuses("08", Kind.TRUNCATED, "Berth.free: the bytes end inside a number");
        refuses("8080", Kind.TRUNCATED, "Berth: the bytes end inside a number");
        refuses("1a03 6162", Kind.TRUNCATED, "Berth.name: 3 bytes are announced, 2 are there");
        refuses("3a02 08", Kind.TRUNCATED, "Berth.ships[0]: 2 bytes are announced, 1 are there");
        refuses(
                "1afeffffffffffffffff01",
                Kind.TRUNCATED,
                "Berth.name: 18446744073709551614 bytes are announced, 0 are there");
    }

    @Test
    void numberOutOfItsField_isOutOfRange() {
        refuses("0802", Kind.OUT_OF_RANGE, "Berth.free: a boolean is 0 or 1, got 2");
        refuses("1080808080 10", Kind.OUT_OF_RANGE, "Berth.depth: 2147483648 does not fit into 32 bits");
        refuses("10ffffffff1f", Kind.OUT_OF_RANGE, "Berth.depth: -4294967296 does not fit into 32 bits");
    }

    @Test
    void overABound_isOversized() {
        refuses("1a05 6162636465", Kind.OVERSIZED, "Berth.name: 5 bytes of text, at most 4");
        refuses("2203 010203", Kind.OVERSIZED, "Berth.papers: 3 bytes, at most 2");
        refuses("4203 020202", Kind.OVERSIZED, "Berth.times[2]: more than 2 elements");
        refuses(("3a06" + TIDE_AND_CROWN).repeat(3), Kind.OVERSIZED, "Berth.ships[2]: more than 2 elements");
    }

    @Test
    void noEncodingAtAll_isMalformed() {
        refuses("0a00", Kind.MALFORMED, "Berth.free: the field has the wire type 2, expected 0");
        refuses("1801", Kind.MALFORMED, "Berth.name: the field has the wire type 0, expected 2");
        refuses("10ffffffffffffffffff02", Kind.MALFORMED, "Berth.depth: a number has more than 64 bits");
        refuses("00", Kind.MALFORMED, "Berth: no field has the tag 0");
        refuses("ffffffff7f", Kind.MALFORMED, "Berth: no field has the tag 34359738367");
        refuses("1002 1002", Kind.MALFORMED, "Berth.depth: the field comes twice");
        refuses("1a01 ff", Kind.MALFORMED, "Berth.name: not UTF-8: ff");
        refuses("1a03 eda080", Kind.MALFORMED, "Berth.name: not UTF-8: eda080");
        refuses(
                "3a0a 0801 1206 0a00 12020a00",
                Kind.MALFORMED,
                "Berth.ships[0].owner: Owner with a second case, tag 18");
        refuses("3a06 0801 1202 0801", Kind.MALFORMED, "Berth.ships[0].owner: case 1 of Owner has the wire type 0");
    }

    @Test
    void absentRecordOrConstant_isMissing() {
        refuses("3a00", Kind.MISSING, "Berth.ships[0].sails: the field must be there");
        refuses("3a02 0801", Kind.MISSING, "Berth.ships[0].owner: the field must be there");
        refuses("3a04 0801 1200", Kind.MISSING, "Berth.ships[0].owner: Owner without its case");
    }

    @Test
    void whatOnlyANewerVersionKnows_isUnknown() {
        refuses("2802", Kind.UNKNOWN, "Berth.tide: Tide has no constant 2; is the sender newer?");
        refuses("2800", Kind.UNKNOWN, "Berth.tide: Tide has no constant 0; is the sender newer?");
        refuses(
                "28ffffffffffffffffff01",
                Kind.UNKNOWN,
                "Berth.tide: Tide has no constant 18446744073709551615; is the sender newer?");
        refuses("3a06 0801 1202 1a00", Kind.UNKNOWN, "Berth.ships[0].owner: Owner has no case 3; is the sender newer?");
    }

    @Test
    void whatTheRecordsOwnRulesRefuse_isInvalid() {
        refuses("1001", Kind.INVALID, "Berth: Berth refuses it: a depth is not negative, got -1");
        refuses("3014", Kind.INVALID, "Berth.pier: Digit refuses it: a digit lies between 0 and 9, got 10");
        refuses(
                "3a0d 0801 1209 1207 0a05 6162636465",
                Kind.OVERSIZED,
                "Berth.ships[0].owner(Person).name: 5 bytes of text, at most 4");
    }

    record Doll(@Field(1) @Nullable Doll inner) {}

    @Test
    void nestingWithoutEnd_isOversized_andNoStackOverflow() throws WireException {
        Codec<Doll> codec = Codec.of(Doll.class);
        Limits three = new Limits(1 << 20, 1_000, 3);
        byte[] deep = nested(5_000);

        assertThat(codec.decode(nested(3), three).inner()).isNotNull();
        WireException refusal = catchThrowableOfType(WireException.class, () -> codec.decode(deep, three));
        assertThat(refusal).hasMessage("Doll.inner.inner.inner.inner: more than 3 levels of nesting");
        assertThat(refusal.kind()).isEqualTo(Kind.OVERSIZED);
    }

    @Test
    void unknownGroupsWithoutEnd_areOversized_andNoStackOverflow() {
        byte[] open = Hex.bytes("53".repeat(100_000));

        WireException refusal = catchThrowableOfType(
                WireException.class, () -> Codec.of(Doll.class).decode(open, Limits.PEER));
        assertThat(refusal.kind()).isEqualTo(Kind.OVERSIZED);
    }

    @Test
    void moreElementsThanTheLimit_areOversized() throws WireException {
        Codec<Berth> codec = Codec.of(Berth.class);
        byte[] two = Hex.bytes(("3a06" + TIDE_AND_CROWN).repeat(2));

        // Two ships, each of a record, a union and its case.
        assertThat(codec.decode(two, new Limits(64, 6, 4)).ships()).hasSize(2);
        WireException refusal =
                catchThrowableOfType(WireException.class, () -> codec.decode(two, new Limits(64, 5, 4)));
        assertThat(refusal).hasMessage("Berth.ships[1].owner(Crown): more than 5 records and elements in one message");
    }

    @Test
    void moreBytesThanTheLimit_areOversized() {
        WireException refusal = catchThrowableOfType(
                WireException.class, () -> Codec.of(Doll.class).decode(new byte[65], new Limits(64, 5, 4)));
        assertThat(refusal).hasMessage("Doll: 65 bytes, at most 64");
    }

    /** Dolls within dolls. */
    private static byte[] nested(int levels) {
        byte[] all = {};
        for (int i = 0; i < levels; i++) {
            Sink outer = new Sink();
            outer.scalar(0x0a, all.length);
            outer.raw(Bytes.wrap(all));
            all = outer.take();
        }
        return all;
    }
}
