package dev.berth.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** A durable record says in its first byte in which format it is. */
class DurableCodecTest {
    record Log(@Field(1) int entries) {}

    private static final DurableCodec<Log> SECOND = new DurableCodec<>(Log.class, 2, Limits.PEER);

    @Test
    void format_standsInFront_andEarlierOnesAreRead() throws WireException {
        assertThat(Hex.text(SECOND.encode(new Log(1)))).isEqualTo("02" + "0802");
        assertThat(SECOND.decode(Hex.bytes("020802"))).isEqualTo(new Log(1));
        assertThat(SECOND.decode(Hex.bytes("010802"))).isEqualTo(new Log(1));
    }

    @Test
    void laterFormat_isRefused() {
        assertThatThrownBy(() -> SECOND.decode(Hex.bytes("030802")))
                .isInstanceOf(WireException.class)
                .hasMessage(
                        "Log: the record has the format 3, this version reads 1..2; start the version that wrote it");
        assertThatThrownBy(() -> SECOND.decode(Hex.bytes("00"))).isInstanceOf(WireException.class);
    }

    @Test
    void emptyRecord_isTruncated() {
        assertThatThrownBy(() -> SECOND.decode(new byte[0]))
                .isInstanceOf(WireException.class)
                .hasMessage("Log: an empty record has no format number");
    }
}
