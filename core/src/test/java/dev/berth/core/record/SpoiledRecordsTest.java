package dev.berth.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.berth.core.record.Corpus.Case;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

// Clients send records, and they send what they like. Well-formed bytes are spoiled in the ways in which bytes go
// wrong, and some are built by hand to make the most of each byte.

/**
 * Spoiled records are refused by a WireException or are another record, which can be written and read again; and reading
 * takes no more memory than stated. More inputs: {@code -Dberth.fuzz.inputs=10000000 -Dberth.fuzz.seed=1}.
 */
class SpoiledRecordsTest {
    private static final int INPUTS = Integer.getInteger("berth.fuzz.inputs", 200_000);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final List<byte[]> CORPUS = Corpus.CASES.stream()
            .map(Case::value)
            .map(value -> Corpus.BOOK.write(value).toArray())
            .toList();

    private final RandomGenerator random = new SplittableRandom(Long.getLong("berth.fuzz.seed", 20_261_122L));
    private final Map<WireException.Kind, Integer> refusals = new EnumMap<>(WireException.Kind.class);
    private int accepted;

    @Test
    void everyBeginning_isRefused() {
        for (byte[] bytes : CORPUS) {
            for (int length = 0; length < bytes.length; length++) {
                check(Arrays.copyOf(bytes, length));
            }
        }
        assertThat(accepted).isZero();
    }

    @Test
    void spoiledBytes_areRefusedOrAnotherRecord() {
        for (int i = 0; i < INPUTS; i++) {
            byte[] input = CORPUS.get(random.nextInt(CORPUS.size())).clone();
            int rounds = 1 + random.nextInt(4);
            for (int round = 0; round < rounds; round++) {
                input = spoiled(input);
            }
            check(input);
        }

        assertThat(accepted).isGreaterThan(INPUTS / 50);
        assertThat(refusals)
                .containsKeys(
                        WireException.Kind.TRUNCATED,
                        WireException.Kind.MALFORMED,
                        WireException.Kind.MISSING,
                        WireException.Kind.UNKNOWN,
                        WireException.Kind.OUT_OF_RANGE,
                        WireException.Kind.WRONG_VERSION);
    }

    @Test
    void anyBytes_areRefused() {
        for (int i = 0; i < INPUTS / 4; i++) {
            byte[] input = new byte[random.nextInt(64)];
            random.nextBytes(input);
            check(input);
        }
        assertThat(accepted).isZero();
    }

    private void check(byte[] input) {
        Object value;
        try {
            value = Corpus.BOOK.read(Bytes.wrap(input));
        } catch (WireException e) {
            refusals.merge(e.kind(), 1, Integer::sum);
            return;
        } catch (RuntimeException e) {
            fail("not refused but thrown at: " + Arrays.toString(input), e);
            return;
        }
        accepted++;
        try {
            assertThat(Corpus.BOOK.read(Corpus.BOOK.write(value))).isEqualTo(value);
        } catch (WireException e) {
            fail("read, written, and not read again: " + value, e);
        }
    }

    private byte[] spoiled(byte[] bytes) {
        if (bytes.length == 0) {
            return bytes;
        }
        int at = random.nextInt(bytes.length);
        byte[] changed = bytes.clone();
        switch (random.nextInt(6)) {
            case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> changed[at] = (byte) random.nextInt();
            case 2 -> changed[at] = (byte) (random.nextBoolean() ? 0xff : 0);
            case 3 -> changed = joined(bytes, 0, at, bytes, Math.min(bytes.length, at + 1 + random.nextInt(8)));
            case 4 -> changed = joined(bytes, 0, at, bytes, Math.max(0, at - random.nextInt(8)));
            default -> {
                byte[] other = CORPUS.get(random.nextInt(CORPUS.size()));
                changed = joined(bytes, 0, at, other, random.nextInt(other.length));
            }
        }
        return changed;
    }

    private static byte[] joined(byte[] one, int from, int to, byte[] other, int otherFrom) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(one, from, to - from);
        out.write(other, otherFrom, other.length - otherFrom);
        return out.toByteArray();
    }

    // Memory. Each record here is the most that its bytes can make.

    record Empty() {}

    record Eight(int a, int b, int c, int d, int e, int f, int g, int h) {}

    record Load(
            List<Empty> empties,
            List<Eight> eights,
            List<Integer> numbers,
            Set<Integer> distinct,
            Map<Integer, Integer> map,
            List<String> texts,
            List<List<Integer>> lists) {}

    private static final Limits LIMITS = new Limits(1 << 20, 50_000, 16);
    private static final RecordBook LOADED =
            RecordBook.named("load").with(Load.class).limits(LIMITS).build();

    @Test
    void hostileRecords_stayUnderTheBound() {
        for (String field : List.of(
                "empties list<record load/Empty>",
                "eights list<record load/Eight>",
                "texts list<text>",
                "lists list<list<int>>")) {
            assertBounded(field, repeated(tag(field), new byte[] {0}));
        }
        assertBounded("numbers", chunk(tag("numbers list<int>"), new byte[1 << 19]));
        assertBounded("distinct", chunk(tag("distinct set<int>"), numbers(49_000)));
        ByteArrayOutputStream map = new ByteArrayOutputStream();
        for (int i = 0; i < 16_000; i++) {
            map.writeBytes(chunk(tag("map map<int,int>"), entry(i)));
        }
        assertBounded("map", map.toByteArray());
        assertBounded("claimed", new byte[] {2 << 3 | 2, -1, -1, -1, -1, 7});
    }

    private static void assertBounded(String what, byte[] fields) {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.writeBytes(chunk(1 << 3 | 2, "load/Load".getBytes(StandardCharsets.UTF_8)));
        value.writeBytes(chunk(2 << 3 | 2, fields));
        Bytes bytes = Bytes.wrap(value.toByteArray());
        read(bytes);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        read(bytes);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated)
                .as(what)
                .isLessThan((long) Limits.BYTES_PER_ELEMENT * LIMITS.elementsMax()
                        + (long) Limits.BYTES_PER_BYTE * bytes.length());
    }

    private static void read(Bytes bytes) {
        try {
            LOADED.read(bytes);
        } catch (WireException e) {
            assertThat(e.kind()).isIn(WireException.Kind.OVERSIZED, WireException.Kind.TRUNCATED);
        }
    }

    private static int tag(String field) {
        int blank = field.indexOf(' ');
        return FieldNumber.of(field.substring(0, blank), field.substring(blank + 1)) << 3 | 2;
    }

    private static byte[] repeated(int tag, byte[] length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < 60_000; i++) {
            varint(out, tag);
            out.writeBytes(length);
        }
        return out.toByteArray();
    }

    private static byte[] numbers(int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            varint(out, i);
        }
        return out.toByteArray();
    }

    private static byte[] entry(int key) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(out, 1 << 3);
        varint(out, key);
        varint(out, 2 << 3);
        varint(out, key + 1_000);
        return out.toByteArray();
    }

    private static byte[] chunk(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(out, tag);
        varint(out, content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.write(rest | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
