package dev.berth.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.berth.core.wire.WireException.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

// A link with two messages. Frames are written by FrameWriter and, where a header has to be wrong, changed at the
// offset that docs/protocol.md states.

/** Frames come out of a stream whole and in order, whatever its pieces; a wrong header is refused and ends the stream. */
class FrameReaderTest {
    sealed interface Signal {
        @Code(5)
        record Horn(@Field(1) int blasts) implements Signal {}

        @Code(300)
        record Flags(@Field(1) String text) implements Signal {}
    }

    private static final long CLUSTER = 0x0102030405060708L;
    private static final Versions VERSIONS = new Versions(2, 3);
    private static final Limits LIMITS = new Limits(1_000, 100, 4);
    private static final Catalog<Signal> CATALOG = Catalog.of(Signal.class);

    private final List<Signal> heard = new ArrayList<>();
    private final FrameReader<Signal> reader = new FrameReader<>(CATALOG, CLUSTER, VERSIONS, LIMITS);

    private static byte[] frame(Signal signal) {
        return new FrameWriter<>(CATALOG, CLUSTER, 2, LIMITS).frame(signal);
    }

    private void read(byte[] bytes) throws WireException {
        reader.read(bytes, 0, bytes.length, heard::add);
    }

    private WireException refusal(byte[] bytes) {
        return catchThrowableOfType(WireException.class, () -> read(bytes));
    }

    private static byte[] changed(Signal signal, int at, int value) {
        byte[] bytes = frame(signal);
        bytes[at] = (byte) value;
        return bytes;
    }

    @Test
    void frame_isHeaderAndBody() {
        assertThat(Hex.text(frame(new Signal.Horn(-2))))
                .isEqualTo("0000000e" + "be" + "02" + "0005" + "0102030405060708" + "0803");
        assertThat(Hex.text(frame(new Signal.Flags("N"))))
                .isEqualTo("0000000f" + "be" + "02" + "012c" + "0102030405060708" + "0a014e");
    }

    @Test
    void manyFramesInOnePiece_comeInOrder() throws WireException {
        FrameWriter<Signal> writer = new FrameWriter<>(CATALOG, CLUSTER, 3, LIMITS);
        List<Signal> sent = List.of(new Signal.Horn(1), new Signal.Flags("A"), new Signal.Horn(0));
        sent.forEach(writer::write);

        read(writer.take());

        assertThat(heard).isEqualTo(sent);
        assertThat(writer.pending()).isZero();
        assertThat(reader.pending()).isZero();
    }

    @Test
    void everySplitIntoThreePieces_givesTheSame() throws WireException {
        FrameWriter<Signal> writer = new FrameWriter<>(CATALOG, CLUSTER, 2, LIMITS);
        writer.write(new Signal.Horn(1));
        writer.write(new Signal.Flags("AB"));
        byte[] all = writer.take();

        for (int i = 0; i <= all.length; i++) {
            for (int j = i; j <= all.length; j++) {
                heard.clear();
                reader.read(all, 0, i, heard::add);
                reader.read(all, i, j - i, heard::add);
                reader.read(all, j, all.length - j, heard::add);

                assertThat(heard).containsExactly(new Signal.Horn(1), new Signal.Flags("AB"));
            }
        }
    }

    @Test
    void somebodyElsesBytes_areRecognized() {
        assertThat(refusal("GET / HTTP/1.1\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .hasMessage("a frame has 0xBE as its fifth byte, got the bytes 474554202f; something else talks to this"
                        + " port");
    }

    @Test
    void lengthOverTheBound_isRefusedWithTheFifthByte_andNothingIsKept() throws WireException {
        byte[] announced = Hex.bytes("7fffffffbe");

        reader.read(announced, 0, 4, heard::add);
        WireException refusal =
                catchThrowableOfType(WireException.class, () -> reader.read(announced, 4, 1, heard::add));

        assertThat(refusal).hasMessage("a frame of 2147483647 bytes is announced, at most 1000");
        assertThat(refusal.kind()).isEqualTo(Kind.OVERSIZED);
        assertThat(reader.pending()).isZero();
    }

    @Test
    void lengthWithAHighBit_isNotNegative() {
        assertThat(refusal(Hex.bytes("ffffffffbe")))
                .hasMessage("a frame of 4294967295 bytes is announced, at most 1000");
    }

    @Test
    void lengthWithoutRoomForTheHeader_isTruncated() {
        assertThat(refusal(Hex.bytes("0000000bbe")))
                .hasMessage("a frame of 11 bytes is announced, its header alone has 12");
    }

    @Test
    void otherCluster_isRefused_withBothNames() {
        WireException refusal = refusal(changed(new Signal.Horn(1), Frame.BODY_AT - 1, 9));

        assertThat(refusal.kind()).isEqualTo(Kind.WRONG_CLUSTER);
        assertThat(refusal)
                .hasMessage("the frame belongs to cluster 102030405060709, this is 102030405060708; check the list of"
                        + " masters");
    }

    @Test
    void versionOutsideOfTheRange_isRefused() {
        assertThat(refusal(changed(new Signal.Horn(1), Frame.VERSION_AT, 4)))
                .hasMessage("frame type 5 comes in version 4, this side speaks 2..3");
    }

    @Test
    void openingMessage_isUnderstoodInAnyVersion() throws WireException {
        FrameReader<Signal> open =
                new FrameReader<>(CATALOG.opening(List.of(Signal.Horn.class)), CLUSTER, VERSIONS, LIMITS);
        byte[] horn = changed(new Signal.Horn(1), Frame.VERSION_AT, 9);
        byte[] flags = changed(new Signal.Flags("A"), Frame.VERSION_AT, 9);

        open.read(horn, 0, horn.length, heard::add);

        assertThat(heard).containsExactly(new Signal.Horn(1));
        assertThat(catchThrowableOfType(WireException.class, () -> open.read(flags, 0, flags.length, heard::add))
                        .kind())
                .isEqualTo(Kind.WRONG_VERSION);
    }

    @Test
    void keepAlive_isNoMessage_whole_andInPieces() throws WireException {
        FrameWriter<Signal> writer = new FrameWriter<>(CATALOG, CLUSTER, 2, LIMITS);
        writer.write(new Signal.Horn(1));
        writer.keepAlive();
        writer.write(new Signal.Horn(2));
        byte[] all = writer.take();
        assertThat(Hex.text(all)).contains("0000000c" + "be" + "02" + "0000" + "0102030405060708");

        read(all);
        for (byte each : all) {
            read(new byte[] {each});
        }

        assertThat(heard)
                .containsExactly(new Signal.Horn(1), new Signal.Horn(2), new Signal.Horn(1), new Signal.Horn(2));
    }

    @Test
    void drain_movesAllFrames_andLeavesNothing() throws WireException {
        FrameWriter<Signal> writer = new FrameWriter<>(CATALOG, CLUSTER, 2, LIMITS);
        ByteBuffer target = ByteBuffer.allocate(100_000);
        for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < 200 * round; i++) {
                writer.write(new Signal.Flags("x".repeat(100)));
            }
            int pending = writer.pending();
            writer.drain(target.clear());

            assertThat(target.position()).isEqualTo(pending);
            assertThat(writer.pending()).isZero();
            reader.read(target.array(), 0, pending, heard::add);
        }
        assertThat(heard).hasSize(1_200);
    }

    @Test
    void unknownFrameType_isRefused() {
        for (int type : List.of(0, 6, 255)) {
            heard.clear();
            FrameReader<Signal> fresh = new FrameReader<>(CATALOG, CLUSTER, VERSIONS, LIMITS);
            byte[] frame = changed(new Signal.Horn(1), Frame.TYPE_AT + 1, type);

            assertThat(catchThrowableOfType(WireException.class, () -> fresh.read(frame, 0, frame.length, heard::add)))
                    .hasMessage("frame type " + type + " is not understood on this link; is the sender newer?");
        }
        byte[] high = changed(new Signal.Horn(1), Frame.TYPE_AT, 255);
        assertThat(refusal(high)).hasMessageContaining("frame type 65285 is not understood");
    }

    @Test
    void bodyThatIsRefused_namesTheMessage() {
        assertThat(refusal(changed(new Signal.Horn(1), Frame.BODY_AT, 0x0a)))
                .hasMessage("Horn.blasts: the field has the wire type 2, expected 0");
    }

    @Test
    void afterARefusal_nothingIsReadAnyMore() throws WireException {
        WireException first = refusal(Hex.bytes("0000000000"));

        assertThat(refusal(frame(new Signal.Horn(1)))).isSameAs(first);
        assertThat(heard).isEmpty();
    }

    @Test
    void framesBeforeTheRefusal_areHandedOut() {
        FrameWriter<Signal> writer = new FrameWriter<>(CATALOG, CLUSTER, 2, LIMITS);
        writer.write(new Signal.Horn(1));
        writer.write(new Signal.Horn(2));
        byte[] all = writer.take();
        all[all.length - 1] = (byte) 0x80;

        assertThat(refusal(all)).hasMessage("Horn.blasts: the bytes end inside a number");
        assertThat(heard).containsExactly(new Signal.Horn(1));
    }

    @Test
    void writer_refusesWhatTheReaderWould_andKeepsEarlierFrames() throws WireException {
        FrameWriter<Signal> writer = new FrameWriter<>(CATALOG, CLUSTER, 2, LIMITS);
        writer.write(new Signal.Horn(1));

        assertThatThrownBy(() -> writer.write(new Signal.Flags("x".repeat(1_000))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Flags takes a frame of 1015 bytes, at most 1000");
        assertThatThrownBy(() -> writer.write(new Signal.Flags("x".repeat(1_025))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Flags.text: 1025 bytes of text, at most 1024");
        assertThatThrownBy(() -> writer.frame(new Signal.Horn(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("18 bytes of earlier frames");

        read(writer.take());
        assertThat(heard).containsExactly(new Signal.Horn(1));
    }
}
