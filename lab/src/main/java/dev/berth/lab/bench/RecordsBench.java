package dev.berth.lab.bench;

import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

// CPU time of one thread, not time on the clock: nothing here waits, and what else the machine does is not its cost.

/** A record of seven components and one with a map, written and read; beside it Java's own serialization. */
@Command(name = "records", description = "Records to bytes and back, beside Java's serialization.")
final class RecordsBench extends Bench {
    private static final int ROUNDS = 5;
    private static final int TIMES = 1_000_000;
    private static final int TIMES_OF_JAVA = 50_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    enum Rank {
        LOW,
        HIGH
    }

    record Seat(long uid, String name, int chips, boolean folded, double odds, Rank rank, long bet)
            implements Serializable {}

    record Bag(long gold, Map<String, Integer> items) {}

    private final RecordBook book =
            RecordBook.named("bench").with(Seat.class, Bag.class).build();

    /** What was made last, so that it has to be made. */
    @SuppressWarnings("UnusedVariable")
    private volatile Object made = "";

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        Seat seat = new Seat(123_456_789, "Ann of the sea", 1_500, false, 0.75, Rank.HIGH, 200);
        Bag bag = new Bag(100, Map.of("bow", 1, "arrow", 20, "shield", 2));
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        for (int round = 1; round <= ROUNDS; round++) {
            say("round " + round + " of " + ROUNDS);
            measure(figures, "seat", seat);
            measure(figures, "bag", bag);
            byte[] java = java(seat);
            figures.put("java_seat_bytes", java.length);
            figures.put("java_seat_write_ns", nanos(TIMES_OF_JAVA, () -> java(seat)));
            figures.put("java_seat_read_ns", nanos(TIMES_OF_JAVA, () -> ofJava(java)));
        }
        return figures;
    }

    private void measure(Map<String, @Nullable Object> figures, String name, Object value) throws Exception {
        Bytes bytes = book.write(value);
        figures.put(name + "_bytes", bytes.length());
        figures.put(name + "_write_ns", nanos(TIMES, () -> book.write(value)));
        figures.put(name + "_read_ns", nanos(TIMES, () -> read(bytes)));
    }

    private Object read(Bytes bytes) throws WireException {
        return book.read(bytes);
    }

    private static byte[] java(Object value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
            objects.writeObject(value);
        }
        return out.toByteArray();
    }

    @SuppressWarnings("BanSerializableRead") // its own bytes, for comparison
    private static Object ofJava(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream objects = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return objects.readObject();
        }
    }

    private long nanos(int times, Callable<Object> once) throws Exception {
        long before = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < times; i++) {
            made = once.call();
        }
        return (THREADS.getCurrentThreadCpuTime() - before) / times;
    }
}
