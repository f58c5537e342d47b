package dev.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Durable;
import dev.berth.core.cluster.ViewImage;
import dev.berth.core.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

// Each type of message many times with the same seeds in every build; then streams of any messages in pieces of any
// size.

/** Whatever is sent arrives, and is what was sent. */
class RoundTripTest {
    private static final int SEEDS = 100;

    @Test
    void everyMessage_comesBackEqual() throws WireException {
        for (Class<?> type : Travellers.messages()) {
            for (int seed = 0; seed < SEEDS; seed++) {
                Object message = new Values(new Random(seed)).of(type);
                assertThat(Travellers.read(Travellers.frame(message)))
                        .as("seed %d", seed)
                        .containsExactly(message);
            }
        }
    }

    @Test
    void everyDurableRecord_comesBackEqual() throws WireException {
        for (int seed = 0; seed < SEEDS; seed++) {
            Values values = new Values(new Random(seed));
            var term = (Durable.TermRecord) values.of(Durable.TermRecord.class);
            var view = (ViewImage) values.of(ViewImage.class);

            assertThat(Protocol.TERM.decode(Protocol.TERM.encode(term))).isEqualTo(term);
            assertThat(Protocol.VIEW.decode(Protocol.VIEW.encode(view))).isEqualTo(view);
        }
    }

    @Property(tries = 300)
    void anyMessages_inAnyPieces_comeInOrder(
            @ForAll("messages") List<Object> messages, @ForAll("pieces") List<Integer> pieces) throws WireException {
        var reader = Travellers.reader();
        List<Object> heard = new ArrayList<>();
        byte[] stream = new byte[0];
        for (Object message : messages) {
            byte[] frame = Travellers.frame(message);
            byte[] longer = java.util.Arrays.copyOf(stream, stream.length + frame.length);
            System.arraycopy(frame, 0, longer, stream.length, frame.length);
            stream = longer;
        }

        int at = 0;
        for (int i = 0; at < stream.length; i++) {
            int size = Math.min(pieces.get(i % pieces.size()), stream.length - at);
            reader.read(stream, at, size, heard::add);
            at += size;
        }

        assertThat(heard).isEqualTo(messages);
        assertThat(reader.pending()).isZero();
    }

    @Provide
    Arbitrary<List<Object>> messages() {
        List<Class<?>> types = Travellers.messages();
        return Arbitraries.randomValue(random -> new Values(random).of(types.get(random.nextInt(types.size()))))
                .list()
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<Integer>> pieces() {
        return Arbitraries.integers().between(1, 64).list().ofMinSize(1).ofMaxSize(8);
    }
}
