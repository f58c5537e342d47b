package dev.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

// The JVM counts what a thread allocates, garbage included. Hostile inputs are built by hand to make the most of each
// byte, and what reading them takes is compared with the bound that Limits states.

/** A frame takes no more memory than Limits says, whatever it claims. */
class MemoryTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Limits LIMITS = new Limits(1 << 20, 50_000, 16);
    private static final int VIEW_FULL = 8;
    private static final int VIEW_DELTAS = 7;
    private static final int CALL = 34;

    /** Reads a frame; what it allocated. */
    private static long allocated(byte[] frame, Limits limits) {
        FrameReader<Object> reader = Travellers.reader(limits);
        refusal(reader, frame);
        FrameReader<Object> warm = Travellers.reader(limits);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        refusal(warm, frame);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static @Nullable WireException refusal(FrameReader<Object> reader, byte[] frame) {
        try {
            reader.read(frame, 0, frame.length, message -> {});
            return null;
        } catch (WireException e) {
            return e;
        }
    }

    private static long bound(byte[] frame, Limits limits) {
        return (long) Limits.BYTES_PER_ELEMENT * limits.elementsMax() + (long) Limits.BYTES_PER_BYTE * frame.length;
    }

    @Test
    void claimedSizes_allocateNothing() {
        // A view, deltas, a body, a trace, a chain: each announces 2^31 - 1 bytes and ends.
        for (String body :
                new String[] {"12ffffffff07", "1affffffff07", "4affffffff07", "3affffffff07", "32ffffffff07"}) {
            for (int type : new int[] {VIEW_FULL, VIEW_DELTAS, CALL}) {
                assertThat(allocated(frame(type, bytes(body)), Limits.VIEW)).isLessThan(16_384);
            }
        }
    }

    @Test
    void unfinishedFrame_takesWhatHasCome_notWhatItAnnounces() throws WireException {
        byte[] start = Arrays.copyOf(frame(VIEW_FULL, new byte[(1 << 24) - 12]), 1_000);
        long allocated = Long.MAX_VALUE;

        for (int round = 0; round < 2; round++) { // the first one loads classes
            FrameReader<Object> reader = Travellers.reader();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < start.length; i += 10) {
                reader.read(start, i, 10, message -> {});
            }
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(reader.pending()).isEqualTo(1_000);
        }
        assertThat(allocated).isLessThan(16_384);
    }

    @Test
    void freeSlotsInFourBytesEach_stayUnderTheBound() {
        byte[] image = join(bytes("12020a00".repeat(20)), repeat("12020a00", 40_000));
        assertStaysUnder(frame(VIEW_FULL, field(2, field(5, image))));
    }

    @Test
    void numbersInTwoBytesEach_stayUnderTheBound() {
        byte[] slots = field(3, repeat("8402", 60_000));
        assertStaysUnder(frame(VIEW_FULL, field(2, field(5, slots))));
    }

    @Test
    void emptyChanges_stayUnderTheBound() {
        byte[] delta = join(bytes("0802"), repeat("1a024a00", 60_000));
        assertStaysUnder(frame(VIEW_DELTAS, field(3, delta)));
    }

    @Test
    void manyMembersAndNames_stayUnderTheBound() {
        byte[] listing = join(field(1, bytes("08021002")), field(2, bytes("61")), field(3, new byte[0]));
        byte[] members = repeat(HexFormat.of().formatHex(field(4, listing)), 12_000);
        assertStaysUnder(frame(VIEW_FULL, field(2, members)));
        byte[] name = join(field(1, bytes("61")), field(3, new byte[0]));
        assertStaysUnder(frame(VIEW_FULL, field(2, repeat(HexFormat.of().formatHex(field(6, name)), 60_000))));
    }

    @Test
    void bodyAtItsBound_isCopiedOnce() {
        byte[] frame = frame(CALL, field(9, new byte[1_000_000]));
        assertStaysUnder(frame);
        assertThat(allocated(frame, LIMITS)).isLessThan(1_016_384);
    }

    private static void assertStaysUnder(byte[] frame) {
        long allocated = allocated(frame, LIMITS);
        assertThat(allocated).isLessThan(bound(frame, LIMITS));
    }

    @Test
    void moreElementsThanTheLimit_areRefusedBeforeTheFrameEnds() {
        byte[] delta = join(bytes("0802"), repeat("1a024a00", 60_000));
        FrameReader<Object> reader = Travellers.reader(LIMITS);
        byte[] frame = frame(VIEW_DELTAS, field(3, delta));

        WireException refusal =
                catchThrowableOfType(WireException.class, () -> reader.read(frame, 0, frame.length, message -> {}));

        assertThat(refusal.kind()).isEqualTo(WireException.Kind.OVERSIZED);
        assertThat(refusal).hasMessageContaining("more than 50000 records and elements in one message");
    }

    private static byte[] frame(int type, byte[] body) {
        byte[] header = bytes("00000000be010000b0a7000000000001");
        int length = header.length - 4 + body.length;
        for (int i = 0; i < 4; i++) {
            header[i] = (byte) (length >>> (24 - 8 * i));
        }
        header[7] = (byte) type;
        return join(header, body);
    }

    private static byte[] field(int number, byte[] value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(number << 3 | 2);
        int rest = value.length;
        while (rest > 0x7f) {
            out.write(rest | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
        out.writeBytes(value);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] repeat(String hex, int times) {
        byte[] one = bytes(hex);
        byte[] all = new byte[one.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(one, 0, all, i * one.length, one.length);
        }
        return all;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
