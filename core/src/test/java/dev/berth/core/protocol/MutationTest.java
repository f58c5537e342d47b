package dev.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.ViewImage;
import dev.berth.core.wire.WireException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

// Well-formed messages are spoiled in the ways in which bytes go wrong: bits flip, pieces vanish, are doubled, come
// from another message, numbers become huge. Whatever passes must be a message that can be written and read again.

/**
 * Spoiled messages are refused by a WireException or accepted as another message: 200,000 of them, the same in each build.
 * More, and others: {@code mvn -pl core test -Dtest=MutationTest -Dberth.fuzz.inputs=10000000 -Dberth.fuzz.seed=1}.
 */
class MutationTest {
    private static final int INPUTS = Integer.getInteger("berth.fuzz.inputs", 200_000);
    private static final int CORPUS_PER_TYPE = 12;
    private static final int HEADER = 16;

    private final RandomGenerator random = new SplittableRandom(Long.getLong("berth.fuzz.seed", 20_261_122L));
    private final Map<WireException.Kind, Integer> refusals = new EnumMap<>(WireException.Kind.class);
    private int accepted;

    private static List<byte[]> corpus() {
        List<byte[]> corpus = new ArrayList<>();
        for (Class<?> type : Travellers.messages()) {
            for (int seed = 0; seed < CORPUS_PER_TYPE; seed++) {
                corpus.add(Travellers.frame(new Values(new Random(seed)).of(type)));
            }
        }
        return corpus;
    }

    @Test
    void spoiledFrames_areRefusedOrAnotherMessage() {
        List<byte[]> corpus = corpus();
        for (int i = 0; i < INPUTS; i++) {
            byte[] input = corpus.get(random.nextInt(corpus.size()));
            int rounds = 1 + random.nextInt(4);
            for (int round = 0; round < rounds; round++) {
                input = spoiled(input, corpus.get(random.nextInt(corpus.size())));
            }
            check(withTrueLength(input));
        }

        // The inputs are worth something: many pass the outer checks, and each kind of refusal that is possible occurs.
        assertThat(accepted).isGreaterThan(INPUTS / 20);
        assertThat(refusals).containsOnlyKeys(WireException.Kind.values());
    }

    @Test
    void everySingleBit_canFlip() {
        for (Class<?> type : Travellers.messages()) {
            byte[] frame = Travellers.frame(new Values(new Random(7)).of(type));
            for (int bit = 32; bit < 8 * Math.min(frame.length, 400); bit++) {
                byte[] flipped = frame.clone();
                flipped[bit / 8] ^= (byte) (1 << (bit % 8));
                check(flipped);
            }
        }
        assertThat(accepted).isPositive();
        assertThat(refusals).isNotEmpty();
    }

    private void check(byte[] input) {
        try {
            for (Object message : Travellers.read(input)) {
                accepted++;
                // Not by assertThat, which would take most of the time.
                if (!Travellers.read(Travellers.frame(message)).equals(List.of(message))) {
                    throw new IllegalStateException("does not come back: " + message);
                }
            }
        } catch (WireException e) {
            refusals.merge(e.kind(), 1, Integer::sum);
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("input " + HexFormat.of().formatHex(input), e);
        }
    }

    @Test
    void spoiledViews_areRefusedOrBecomeViews() {
        List<byte[]> corpus = new ArrayList<>();
        for (int seed = 0; seed < 40; seed++) {
            corpus.add(Protocol.VIEW.encode((ViewImage) new Values(new Random(seed)).of(ViewImage.class)));
        }
        for (int i = 0; i < 20_000; i++) {
            byte[] input = corpus.get(random.nextInt(corpus.size()));
            input = spoiled(input, corpus.get(random.nextInt(corpus.size())));
            try {
                Protocol.VIEW.decode(input).toView();
                accepted++;
            } catch (WireException e) {
                refusals.merge(e.kind(), 1, Integer::sum);
            } catch (RuntimeException e) {
                throw new AssertionError("input " + HexFormat.of().formatHex(input), e);
            }
        }
        assertThat(accepted).isGreaterThan(1_000);
        assertThat(refusals).isNotEmpty();
    }

    private byte[] spoiled(byte[] bytes, byte[] other) {
        int at = random.nextInt(8) == 0 ? random.nextInt(bytes.length) : body(bytes);
        return switch (random.nextInt(7)) {
            case 0 -> flipped(bytes, at);
            case 1 -> replaced(bytes, at, at + random.nextInt(bytes.length - at + 1), new byte[0]);
            case 2 ->
                replaced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + random.nextInt(bytes.length - at + 1)));
            case 3 -> {
                int from = body(other);
                yield replaced(
                        bytes,
                        at,
                        at,
                        Arrays.copyOfRange(other, from, Math.min(other.length, from + random.nextInt(40))));
            }
            case 4 -> replaced(bytes, at, Math.min(bytes.length, at + 1), hugeNumber());
            case 5 -> set(bytes, at, random.nextInt(256));
            default -> set(bytes, at, new int[] {0, 1, 0x7f, 0x80, 0xff, 8, 10, 18}[random.nextInt(8)]);
        };
    }

    private int body(byte[] bytes) {
        return bytes.length > HEADER ? random.nextInt(HEADER, bytes.length) : bytes.length - 1;
    }

    private byte[] flipped(byte[] bytes, int at) {
        return set(bytes, at, bytes[at] ^ (1 << random.nextInt(8)));
    }

    private byte[] hugeNumber() {
        byte[] varint = new byte[random.nextInt(1, 11)];
        random.nextBytes(varint);
        for (int i = 0; i < varint.length - 1; i++) {
            varint[i] |= (byte) 0x80;
        }
        varint[varint.length - 1] &= 0x7f;
        return varint;
    }

    private static byte[] set(byte[] bytes, int at, int value) {
        byte[] copy = bytes.clone();
        copy[at] = (byte) value;
        return copy;
    }

    private static byte[] replaced(byte[] bytes, int from, int to, byte[] by) {
        byte[] copy = new byte[Math.max(1, bytes.length - (to - from) + by.length)];
        System.arraycopy(bytes, 0, copy, 0, from);
        System.arraycopy(by, 0, copy, from, Math.min(by.length, copy.length - from));
        System.arraycopy(bytes, to, copy, from + by.length, bytes.length - to);
        return copy;
    }

    /** Most inputs get a true length, so that the body is looked at; some keep the one that they have. */
    private byte[] withTrueLength(byte[] bytes) {
        if (bytes.length < 5 || random.nextInt(50) == 0) {
            return bytes;
        }
        byte[] copy = bytes.clone();
        for (int i = 0; i < 4; i++) {
            copy[i] = (byte) ((bytes.length - 4) >>> (24 - 8 * i));
        }
        return copy;
    }
}
