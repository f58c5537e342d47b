package dev.berth.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.wire.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

// Whatever packets are said come out again, however the stream is cut; whatever bytes come make packets within the
// bound, or are refused, and never anything else.
class FramingTest {
    private static final int MAX = 300;

    @Provide
    Arbitrary<Framing> framings() {
        return Arbitraries.of(Framing.lengths(), Framing.shortLengths(), Framing.lines());
    }

    @Property(tries = 300)
    void packets_comeOutAgain_howeverTheStreamIsCut(
            @ForAll("framings") Framing framing, @ForAll List<byte[]> some, @ForAll long seed) throws Exception {
        List<Bytes> packets = new ArrayList<>();
        ByteBuf stream = Unpooled.buffer();
        for (byte[] each : some) {
            Bytes packet = Bytes.wrap(each);
            int before = stream.writerIndex();
            try {
                framing.encode(packet, stream);
                packets.add(packet);
            } catch (IllegalArgumentException cannot) {
                assertThat(framing).isEqualTo(Framing.lines());
                stream.writerIndex(before);
            }
            assertThat(stream.writerIndex() - before).isLessThanOrEqualTo(each.length + framing.overhead());
        }
        assertThat(read(framing, stream, new Random(seed), 1 << 20)).isEqualTo(packets);
    }

    @Property(tries = 1_000)
    void noise_isPacketsWithinTheBound_orRefused(
            @ForAll("framings") Framing framing, @ForAll byte[] noise, @ForAll long seed) {
        ByteBuf stream = Unpooled.wrappedBuffer(noise);
        try {
            assertThat(read(framing, stream, new Random(seed), MAX))
                    .allSatisfy(packet -> assertThat(packet.length()).isLessThanOrEqualTo(MAX));
            assertThat(stream.readableBytes()).as("kept for later").isLessThanOrEqualTo(MAX + 4);
        } catch (MalformedPacketException refused) {
            assertThat(refused).hasMessageContaining("at most " + MAX);
        }
    }

    private static List<Bytes> read(Framing framing, ByteBuf stream, Random random, int max)
            throws MalformedPacketException {
        List<Bytes> packets = new ArrayList<>();
        int end = stream.writerIndex();
        stream.writerIndex(stream.readerIndex());
        int seen = 0;
        while (true) {
            Bytes packet = framing.decode(stream, seen, max);
            if (packet != null) {
                packets.add(packet);
                seen = 0;
            } else if (stream.writerIndex() == end) {
                return packets;
            } else {
                seen = stream.readableBytes();
                stream.writerIndex(Math.min(end, stream.writerIndex() + 1 + random.nextInt(5)));
            }
        }
    }

    @Test
    void longestPacket_isTaken_andOneByteMoreIsNot() throws Exception {
        for (Framing framing : List.of(Framing.lengths(), Framing.shortLengths(), Framing.lines())) {
            ByteBuf stream = Unpooled.buffer();
            framing.encode(Bytes.wrap(new byte[MAX]), stream);
            assertThat(framing.decode(stream, 0, MAX)).isEqualTo(Bytes.wrap(new byte[MAX]));
            framing.encode(Bytes.wrap(new byte[MAX + 1]), stream);
            assertThatThrownBy(() -> framing.decode(stream, 0, MAX))
                    .isInstanceOf(MalformedPacketException.class)
                    .hasMessage("a packet of 301 bytes or more, at most 300");
        }
    }
}
