package dev.berth.poker.wire;

import dev.berth.core.wire.Bytes;
import java.nio.charset.StandardCharsets;

/** Puts numbers and texts behind a packet's type, as wide as its layout says. Any thread. */
final class PacketWriter {
    private static final long U32_MAX = 0xffff_ffffL;

    private PacketWriter() {}

    static Bytes numbers(PacketType type, long... numbers) {
        byte[] packet = new byte[type.lengthMin()];
        end(packet, put(packet, type, numbers));
        return Bytes.wrap(packet);
    }

    static Bytes text(PacketType type, String text, long... numbers) {
        byte[] packet = new byte[type.lengthMin() + text.length()];
        end(packet, put(packet, put(packet, type, numbers), text));
        return Bytes.wrap(packet);
    }

    static Bytes texts(PacketType type, String text, String other, long... numbers) {
        byte[] packet = new byte[type.lengthMin() + text.length() + other.length()];
        end(packet, put(packet, put(packet, put(packet, type, numbers), text), other));
        return Bytes.wrap(packet);
    }

    /** Returns where the next field begins. */
    private static int put(byte[] packet, PacketType type, long[] numbers) {
        if (numbers.length != type.numbers()) {
            throw new IllegalStateException(
                    "%s holds %d numbers, got %d".formatted(type, type.numbers(), numbers.length));
        }
        packet[0] = (byte) type.code();
        int at = 1;
        for (int i = 0; i < numbers.length; i++) {
            int width = type.width(i);
            // More money than can be said is said as the most that can be: a table must not stop because somebody is
            // rich.
            put(packet, at, width, type.isMoney(i) ? Math.min(numbers[i], U32_MAX) : numbers[i]);
            at += width;
        }
        return at;
    }

    private static void put(byte[] packet, int at, int width, long value) {
        long max = (1L << (8 * width)) - 1;
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(
                    "a field of %d bits holds 0..%d, got %d".formatted(8 * width, max, value));
        }
        for (int i = 0; i < width; i++) {
            packet[at + i] = (byte) (value >>> (8 * (width - 1 - i)));
        }
    }

    private static int put(byte[] packet, int at, String text) {
        byte[] latin = text.getBytes(StandardCharsets.ISO_8859_1);
        put(packet, at, 1, latin.length);
        System.arraycopy(latin, 0, packet, at + 1, latin.length);
        return at + 1 + latin.length;
    }

    private static void end(byte[] packet, int at) {
        if (at != packet.length) {
            throw new IllegalArgumentException("a text has letters outside of Latin-1");
        }
    }
}
