package dev.berth.lab.process;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

// Each comes again when it is turned away, and by itself after half a second, so that something wrong is always under
// way.

/** Who says nonsense to ports, each in each manner, until they are closed. Any thread. */
final class Strangers implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 500;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int SEAT_QUERY = 39;
    private static final int NOISE = 64;
    /** More than a packet of poker or a handshake has. */
    private static final int MUCH = 1 << 20;

    private enum Manner {
        NOISE,
        MUCH_NOISE,
        /** The right beginning of a link between nodes, and then it ends. */
        HALF_A_LINK,
        /** A packet that is said to have 65,535 bytes, and has more. */
        OVERSIZED,
        /** A log-in of which the rest never comes. */
        HALF_A_PACKET,
        BYTE_BY_BYTE,
        /** Much that would be answered, and the connection is reset before it can be. */
        RESET,
        HTTP,
        SILENCE
    }

    private static final byte[] NONSENSE = nonsense();

    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Manner, AtomicInteger> visits = new TreeMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    Strangers(List<InetSocketAddress> ports) {
        for (Manner manner : Manner.values()) {
            visits.put(manner, new AtomicInteger());
            for (InetSocketAddress port : ports) {
                threads.add(Thread.ofVirtual().start(() -> come(port, manner)));
            }
        }
    }

    private void come(InetSocketAddress port, Manner manner) {
        SplittableRandom dice = new SplittableRandom(manner.name().hashCode());
        while (over.getCount() > 0) {
            Socket socket = new Socket();
            try (socket) {
                open.add(socket);
                socket.connect(port, CONNECT_MILLIS);
                socket.setSoTimeout(PATIENCE_MILLIS);
                speak(socket, manner, dice);
                visited(manner);
                // Until it is turned away, or for half a second.
                int _ = socket.getInputStream().read();
            } catch (IOException closed) {
                // It was turned away, as it should be, and comes again.
                visited(manner);
            } finally {
                open.remove(socket);
            }
            // Not so fast that nobody else has a processor.
            rest(PATIENCE_MILLIS);
        }
    }

    private void visited(Manner manner) {
        AtomicInteger its = visits.get(manner);
        if (its != null) {
            its.incrementAndGet();
        }
    }

    private void rest(int millis) {
        try {
            boolean _ = over.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void speak(Socket socket, Manner manner, SplittableRandom dice) throws IOException {
        OutputStream out = socket.getOutputStream();
        switch (manner) {
            case NOISE -> out.write(noise(NOISE, dice));
            case MUCH_NOISE -> out.write(noise(MUCH, dice));
            case HALF_A_LINK -> out.write("BRTH".getBytes(StandardCharsets.US_ASCII));
            case OVERSIZED -> {
                byte[] packet = noise(1 << 17, dice);
                packet[0] = (byte) 0xff;
                packet[1] = (byte) 0xff;
                out.write(packet);
            }
            case HALF_A_PACKET -> out.write(new byte[] {0, 11, 1, 5, 'b', 'o'});
            case BYTE_BY_BYTE -> {
                for (byte each : noise(NOISE, dice)) {
                    out.write(each);
                    rest(PATIENCE_MILLIS / 10);
                }
            }
            case RESET -> {
                byte[] asks = new byte[NOISE * 7];
                for (int at = 0; at < asks.length; at += 7) {
                    asks[at + 1] = 5;
                    asks[at + 2] = SEAT_QUERY;
                    asks[at + 6] = 1;
                }
                out.write(asks);
                socket.setSoLinger(true, 0);
                socket.close();
            }
            case HTTP -> out.write("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            case SILENCE -> {}
        }
    }

    private static byte[] nonsense() {
        byte[] noise = new byte[2 * MUCH];
        new SplittableRandom(98).nextBytes(noise);
        return noise;
    }

    private static byte[] noise(int length, SplittableRandom dice) {
        int from = dice.nextInt(NONSENSE.length - length);
        return Arrays.copyOfRange(NONSENSE, from, from + length);
    }

    /** Whether each manner was tried so often, all ports together. */
    boolean haveCome(int times) {
        return visits.values().stream().allMatch(each -> each.get() >= times);
    }

    /** At which a process listens, as the system has it. */
    static List<InetSocketAddress> portsOf(long pid) throws IOException {
        Path process = Path.of("/proc", String.valueOf(pid));
        List<String> sockets;
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            sockets = open.map(Strangers::target).toList();
        }
        List<InetSocketAddress> ports = new ArrayList<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            for (String line : Files.readAllLines(process.resolve(table))) {
                String[] words = line.strip().split("\\s+", 0);
                if (words.length > 9 && words[3].equals("0A") && sockets.contains("socket:[" + words[9] + "]")) {
                    int port = Integer.parseInt(words[1].substring(words[1].indexOf(':') + 1), 16);
                    ports.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                }
            }
        }
        return ports.stream().distinct().collect(Collectors.toList());
    }

    private static String target(Path open) {
        try {
            return Files.readSymbolicLink(open).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It is gone either way.
        }
    }

    @Override
    public void close() {
        over.countDown();
        // One that is not read from would write for ever.
        open.forEach(Strangers::end);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
