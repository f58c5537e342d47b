package dev.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Catalog;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.Versions;
import dev.berth.core.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

// A catalog with shortcuts beside one without. What they write must be the same bytes; what they read, right or
// spoiled, must be the same message or the same refusal, also when a reader remembers what came before.

/** The code written by hand for calls and replies cannot be told from the codec made from the records. */
class ShortcutTest {
    private static final long CLUSTER = 7;
    private static final int MESSAGES = 2_000;
    private static final int SPOILED = 40_000;
    private static final Catalog<PeerMessage> PLAIN = Catalog.of(PeerMessage.class);

    private final RandomGenerator random = new SplittableRandom(20_261_122L);

    private static PeerMessage message(Class<?> type, int seed) {
        return (PeerMessage) new Values(new Random(seed)).of(type);
    }

    private static PeerMessage usual(PeerMessage message) {
        return switch (message) {
            case PeerMessage.Call call ->
                new PeerMessage.Call(
                        call.session(),
                        call.to(),
                        call.from(),
                        call.address(),
                        call.budgetNanos(),
                        List.of(),
                        Bytes.EMPTY,
                        null,
                        call.body());
            default -> message;
        };
    }

    private static List<PeerMessage> messages() {
        List<PeerMessage> all = new ArrayList<>();
        for (int seed = 0; seed < MESSAGES; seed++) {
            all.add(message(PeerMessage.Call.class, seed));
            all.add(usual(message(PeerMessage.Call.class, seed)));
            all.add(message(PeerMessage.Reply.class, seed));
        }
        return all;
    }

    private static byte[] frame(Catalog<PeerMessage> catalog, PeerMessage message) {
        return new FrameWriter<>(catalog, CLUSTER, 1, Limits.PEER).frame(message);
    }

    /** What a reader makes of a frame. */
    private static Object read(FrameReader<PeerMessage> reader, byte[] frame) {
        List<Object> heard = new ArrayList<>();
        try {
            reader.read(frame, 0, frame.length, heard::add);
        } catch (WireException refused) {
            return String.valueOf(refused.getMessage());
        }
        return heard;
    }

    private static FrameReader<PeerMessage> reader(Catalog<PeerMessage> catalog) {
        return new FrameReader<>(catalog, CLUSTER, new Versions(1, 1), Limits.PEER);
    }

    @Test
    void bytes_areTheSame() {
        for (PeerMessage message : messages()) {
            assertThat(frame(Protocol.PEER, message)).isEqualTo(frame(PLAIN, message));
        }
    }

    @Test
    void messages_areTheSame_withOneReaderForAll() {
        FrameReader<PeerMessage> shortened = reader(Protocol.PEER);
        for (PeerMessage message : messages()) {
            assertThat(read(shortened, frame(PLAIN, message))).isEqualTo(List.of(message));
        }
    }

    @Test
    void spoiledFrames_areRefusedForTheSameReason() {
        List<PeerMessage> all = messages();
        FrameReader<PeerMessage> shortened = reader(Protocol.PEER);
        int refused = 0;
        for (int i = 0; i < SPOILED; i++) {
            byte[] frame = frame(PLAIN, all.get(random.nextInt(all.size())));
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                frame[16 + random.nextInt(frame.length - 16)] ^= (byte) (1 << random.nextInt(8));
            }
            Object expected = read(reader(PLAIN), frame);
            assertThat(read(shortened, frame)).isEqualTo(expected);
            if (expected instanceof String) {
                refused++;
                shortened = reader(Protocol.PEER);
            }
        }
        assertThat(refused).isBetween(SPOILED / 10, SPOILED);
    }
}
