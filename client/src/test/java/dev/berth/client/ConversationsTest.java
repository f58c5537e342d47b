package dev.berth.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

// The gate of these tests knows nothing: it says the bytes that are in the file, and wants those that are there. So it
// is the same for every client, and for those of other people.

/** The conversations of docs/client-protocol, held with the client in Java and with the one in JavaScript over real sockets. */
@Timeout(60)
class ConversationsTest {
    private static final Path DIRECTORY = Speaker.root().resolve("docs/client-protocol");

    static Stream<String> names() {
        return Conversations.all().keySet().stream();
    }

    @BeforeAll
    static void writeIfAsked() {
        if (Boolean.getBoolean("berth.write")) {
            Conversations.all().forEach(ConversationsTest::write);
        }
    }

    @Test
    void files_areWhatTheyWere() throws IOException {
        for (String name : names().toList()) {
            assertThat(Files.readString(DIRECTORY.resolve(name + ".txt")))
                    .as(name
                            + ".txt: a change of these bytes is a change of the protocol; -Dberth.write=true"
                            + " writes them")
                    .isEqualTo(Conversations.all().get(name));
        }
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            assertThat(files.count()).isEqualTo(names().count());
        }
    }

    private static void write(String name, String text) {
        try {
            Files.createDirectories(DIRECTORY);
            Files.writeString(DIRECTORY.resolve(name + ".txt"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the clock is not what is tested, nothing depends on it. */
    private static ClientTimes times(String name) {
        return switch (name) {
            case "ping" -> times(20_000, 1_000, 30_000);
            case "silent" -> times(2_000, 1_000, 500);
            default -> times(20_000, 15_000, 30_000);
        };
    }

    private static ClientTimes times(int connectMillis, int pingMillis, int silenceMillis) {
        ClientTimes quick = BerthClientTest.QUICK;
        return new ClientTimes(
                Duration.ofMillis(connectMillis),
                Duration.ofSeconds(25),
                Duration.ofMillis(pingMillis),
                Duration.ofMillis(silenceMillis),
                quick.steady(),
                quick.shortestWait(),
                quick.longestWait());
    }

    private static boolean visits(String name) {
        return name.equals("visiting");
    }

    @ParameterizedTest
    @MethodSource("names")
    void javaClient_passes(String name) throws Exception {
        try (Reader gate = new Reader("tcp", name);
                Speaker speaker = Speaker.java(List.of(gate.address()), times(name), visits(name))) {
            gate.play(speaker);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void scriptClient_passes(String name) throws Exception {
        assumeTrue(Speaker.hasNode(), "there is no node 20.10 or newer");
        try (Reader gate = new Reader("ws", name);
                Speaker speaker = Speaker.script(List.of(gate.address()), times(name), visits(name))) {
            gate.play(speaker);
        }
    }

    @Test
    void scriptClient_namesItsCallersMistakes() throws Exception {
        assumeTrue(Speaker.hasNode(), "there is no node 20.10 or newer");
        assertThat(Speaker.mistakes())
                .containsExactly(
                        "secretIsANumber: TypeError a secret is text or a Uint8Array, got 1234",
                        "longName: RangeError a name has at most 120 bytes, this one 122",
                        "longSecret: RangeError a secret has at most 1024 bytes, this one 1025",
                        "textAsBytes: TypeError without json: true a body is a Uint8Array",
                        "noBytes: TypeError without json: true a body is a Uint8Array",
                        "noJson: TypeError a body is what JSON has, got undefined",
                        "longBody: RangeError what is said has at most 4096 bytes, this one 4098",
                        "longType: RangeError a type has at most 120 bytes, this one 121");
    }

    /** Gates that die in between, as in BerthClientTest; there is no proof in a script that was written for the client. */
    @Test
    void scriptClient_goesOn_whileGatesDie() throws Exception {
        assumeTrue(Speaker.hasNode(), "there is no node 20.10 or newer");
        Town town = new Town();
        Stream.of("n3", "n10", "n11", "n29").forEach(town::killAfter);
        Pier one = Pier.web(town);
        Pier two = Pier.web(town);
        try (Speaker speaker = Speaker.script(List.of(one.address(), two.address()), times(""), false)) {
            for (int i = 0; i < 30; i++) {
                speaker.does("say raw " + Script.hex("n" + i));
            }
            int answers = 0;
            while (answers < 30) {
                String line = speaker.hears();
                if (line.startsWith("answer")) {
                    assertThat(line).isEqualTo("answer " + (answers + 1) + " DONE raw " + Script.hex("n" + answers));
                    answers++;
                } else if (line.equals("offline")) {
                    one = one.isDead() ? one.again() : one;
                    two = two.isDead() ? two.again() : two;
                } else {
                    assertThat(line).isEqualTo("online Ada");
                }
            }
        } finally {
            one.close();
            two.close();
        }
        assertThat(town.effects())
                .isEqualTo(IntStream.range(0, 30).mapToObj(i -> "Ada n" + i).toList());
    }

    /** Reads a conversation out to whoever connects. */
    private static final class Reader implements AutoCloseable {
        private final String scheme;
        private final List<String> lines;
        private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final ServerSocket second = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private @Nullable Socket socket;
        private WebPackets packets = WebPackets.NONE;
        private byte[] unread = new byte[0];

        Reader(String scheme, String name) throws IOException {
            this.scheme = scheme;
            this.lines = Files.readAllLines(DIRECTORY.resolve(name + ".txt"));
            server.setSoTimeout(30_000);
            second.setSoTimeout(30_000);
        }

        String address() {
            return scheme + "://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + server.getLocalPort()
                    + "/";
        }

        void play(Speaker speaker) throws IOException, InterruptedException {
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                String where = "line " + (i + 1) + ": " + line;
                String[] words = line.split(" +", -1);
                switch (words[0]) {
                    case "#" -> {}
                    case "opens" -> open(words.length == 1 ? server : second);
                    case "hands" ->
                        packets.write(there(), handing(HexFormat.of().parseHex(words[1])));
                    case ">" ->
                        assertThat(HexFormat.of().formatHex(frame())).as(where).isEqualTo(words[1]);
                    case "<" -> packets.write(there(), HexFormat.of().parseHex(words[1]));
                    case "say", "stop" -> speaker.does(line);
                    case "heard" ->
                        assertThat("heard " + speaker.hears()).as(where).isEqualTo(line);
                    case "breaks" -> breakOff();
                    case "closes" -> assertThat(frame()).as(where).isEmpty();
                    case "nobody" -> nobody();
                    default -> throw new AssertionError(where);
                }
            }
        }

        private Socket there() {
            return Objects.requireNonNull(socket, "nobody is connected");
        }

        /** The frame, with where the second gate listens as field 5. */
        private byte[] handing(byte[] frame) {
            byte[] to = (InetAddress.getLoopbackAddress().getHostAddress() + ":" + second.getLocalPort())
                    .getBytes(StandardCharsets.US_ASCII);
            return ByteBuffer.allocate(frame.length + 2 + to.length)
                    .put(frame)
                    .put((byte) 0x2a)
                    .put((byte) to.length)
                    .put(to)
                    .putInt(0, frame.length + 2 + to.length - 4)
                    .array();
        }

        private void open(ServerSocket at) throws IOException {
            Socket next = at.accept();
            next.setSoTimeout(30_000);
            socket = next;
            unread = new byte[0];
            packets = scheme.equals("ws") ? WebPackets.accept(next) : WebPackets.NONE;
        }

        /** The next frame; empty at the end. */
        private byte[] frame() throws IOException {
            while (unread.length < 4 || unread.length < size()) {
                byte[] piece = packets.read(there());
                if (piece.length == 0) {
                    return piece;
                }
                int had = unread.length;
                unread = Arrays.copyOf(unread, had + piece.length);
                System.arraycopy(piece, 0, unread, had, piece.length);
            }
            byte[] frame = Arrays.copyOf(unread, size());
            unread = Arrays.copyOfRange(unread, frame.length, unread.length);
            return frame;
        }

        private int size() {
            return 4 + ByteBuffer.wrap(unread).getInt();
        }

        private void breakOff() throws IOException {
            there().setSoLinger(true, 0);
            there().close();
        }

        private void nobody() throws IOException {
            server.setSoTimeout(300); // six times the longest wait of these clients
            try (Socket unwanted = server.accept()) {
                throw new AssertionError("it comes again: " + unwanted);
            } catch (SocketTimeoutException _) {
                // So it should be.
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            second.close();
            if (socket != null) {
                socket.close();
            }
        }
    }
}
