package dev.berth.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.berth.core.wire.WireException.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

// A record of a later version has more fields, also inside nested records. An older reader takes what it knows; the
// later one reads an older message with zeros. Fields of every wire type are then put in by hand.

/** Version n reads what version n + 1 writes. */
class UnknownFieldsTest {
    record Anchor(@Field(1) int chain) {}

    record Ship(
            @Field(2) String name,
            @Field(4) Anchor anchor,
            @Field(6) List<Anchor> spare) {}

    record LaterAnchor(
            @Field(1) int chain,
            @Field(2) String maker,
            @Field(40) List<Long> marks) {}

    record LaterShip(
            @Field(1) long mmsi,
            @Field(2) String name,
            @Field(3) LaterAnchor stern,
            @Field(4) LaterAnchor anchor,
            @Field(5) List<String> crew,
            @Field(6) List<LaterAnchor> spare,
            @Field(7) boolean flag) {}

    private static final LaterAnchor LATER_ANCHOR = new LaterAnchor(3, "Hall", List.of(1L, -1L));

    @Test
    void olderReader_skipsWhatItDoesNotKnow_nestedToo() throws WireException {
        LaterShip later =
                new LaterShip(-7, "Vega", LATER_ANCHOR, LATER_ANCHOR, List.of("a", "b"), List.of(LATER_ANCHOR), true);

        assertThat(Codec.of(Ship.class).decode(Codec.of(LaterShip.class).encode(later), Limits.PEER))
                .isEqualTo(new Ship("Vega", new Anchor(3), List.of(new Anchor(3))));
    }

    @Test
    void laterReader_takesAbsentFieldsAsZero() throws WireException {
        assertThat(Codec.of(LaterAnchor.class).decode(Codec.of(Anchor.class).encode(new Anchor(3)), Limits.PEER))
                .isEqualTo(new LaterAnchor(3, "", List.of()));
    }

    @Test
    void everyWireType_isSkipped() throws WireException {
        String varint = "50ffffffffffffffffff01";
        String fixed64 = "51 0102030405060708";
        String chunk = "5203 ffffff";
        String group = "53 5001 5d00000000 53 54 54";
        String fixed32 = "55 01020304";

        assertThat(Codec.of(Anchor.class)
                        .decode(Hex.bytes(varint + fixed64 + "0806" + chunk + group + fixed32), Limits.PEER))
                .isEqualTo(new Anchor(3));
    }

    @Test
    void brokenUnknownFields_areRefused() {
        assertThat(refusal("51 01020304050607")).isEqualTo(Kind.TRUNCATED);
        assertThat(refusal("5204 ffffff")).isEqualTo(Kind.TRUNCATED);
        assertThat(refusal("52ffffffff0f")).isEqualTo(Kind.TRUNCATED);
        assertThat(refusal("55 010203")).isEqualTo(Kind.TRUNCATED);
        assertThat(refusal("53 5001")).isEqualTo(Kind.TRUNCATED);
        assertThat(refusal("53 5c")).isEqualTo(Kind.MALFORMED);
        assertThat(refusal("54")).isEqualTo(Kind.MALFORMED);
        assertThat(refusal("56")).isEqualTo(Kind.MALFORMED);
        assertThat(refusal("57")).isEqualTo(Kind.MALFORMED);
    }

    private static Kind refusal(String hex) {
        return catchThrowableOfType(
                        WireException.class, () -> Codec.of(Anchor.class).decode(Hex.bytes(hex), Limits.PEER))
                .kind();
    }
}
