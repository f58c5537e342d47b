package dev.berth.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.client.Town.Note;
import dev.berth.core.session.ClientMessage;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientProtocol;
import dev.berth.core.wire.FrameWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gates that say what no gate says, or nothing: the client tells why it leaves them, and what it said is done elsewhere. */
@Timeout(60)
class HostileGateTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final ClientTimes IMPATIENT = new ClientTimes(
            Duration.ofMillis(500),
            Duration.ofMillis(300),
            Duration.ofMillis(100),
            Duration.ofMillis(300),
            Duration.ofSeconds(5),
            Duration.ofMillis(10),
            Duration.ofMillis(50));

    /** Says the same bytes to everybody, and then nothing. */
    private static final class Rogue implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final AtomicInteger met = new AtomicInteger();
        private final List<Socket> kept = new CopyOnWriteArrayList<>();

        Rogue(byte[] says) throws IOException {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        Socket socket = server.accept();
                        kept.add(socket);
                        met.incrementAndGet();
                        socket.getOutputStream().write(says);
                    }
                } catch (IOException _) {
                    // Closed.
                }
            });
        }

        String address(String scheme) {
            return scheme + "://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket socket : kept) {
                socket.close();
            }
        }
    }

    private static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes.replace(" ", ""));
    }

    private static byte[] frame(ToClient message) {
        return new FrameWriter<>(ClientProtocol.CLIENT, ClientProtocol.ID, 1, ClientProtocol.TO_CLIENT).frame(message);
    }

    static Stream<Arguments> rogues() {
        byte[] http = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                Arguments.of("tcp", http, "something else talks to this port"),
                Arguments.of("tcp", hex("00 20 00 00 be"), "2097152 bytes is announced, at most 65536"),
                Arguments.of("tcp", hex("00 00 00 0c be 01 02 58 0000000000000000"), "type 600 is not understood"),
                Arguments.of("tcp", hex("00 00 00 0c be 01 01 40 0000000000000001"), "belongs to cluster 1"),
                Arguments.of("tcp", frame(new ClientMessage.Greeting(9, 0)), "the gate wants version 9"),
                Arguments.of("tcp", frame(new ClientMessage.Found(false)), "Found while GREETING"),
                Arguments.of("tcp", hex("00 00"), "no answer while GREETING"),
                Arguments.of("tcp", new byte[0], "no answer while GREETING"),
                Arguments.of("ws", new byte[0], "no answer while CONNECTING"),
                Arguments.of("ws", http, "the gate answers with HTTP status 400"),
                Arguments.of("tls", http, "SSL"));
    }

    @ParameterizedTest
    @MethodSource("rogues")
    void rogue_isLeft_withAReason_forTheNextGate(String scheme, byte[] says, String why) throws Exception {
        Town town = new Town();
        Ears ears = new Ears();
        try (Rogue rogue = new Rogue(says);
                Rogue same = new Rogue(says)) {
            try (Pier good = Pier.tcp(town);
                    // Two of three, so that the client, which begins anywhere, most likely meets one; if not it is led
                    // there.
                    BerthClient client = ears.on(
                                    BerthClient.to(rogue.address(scheme), same.address(scheme), good.address())
                                            .credentials("ada", "sesame")
                                            .records(Town.BOOK)
                                            .times(IMPATIENT))
                            .connect()) {
                client.ask(new Note("n0"), LONG);
                good.kill();
                ears.eventuallyOffline(why);
                try (Pier again = good.again()) {
                    client.ask(new Note("n1"), LONG);
                    assertThat(again.accepted()).isPositive();
                }
            }
            assertThat(rogue.met.get() + same.met.get()).isPositive();
        }
        assertThat(town.effects()).containsExactly("ada n0", "ada n1");
    }

    @Test
    void gateThatFallsSilent_isGivenUp() throws Exception {
        Town town = new Town();
        Ears ears = new Ears();
        try (Pier mute = Pier.tcp(town);
                Pier good = Pier.tcp(town);
                BerthClient client = ears.on(BerthClient.to(mute.address())
                                .credentials("ada", "sesame")
                                .records(Town.BOOK)
                                .times(IMPATIENT))
                        .connect()) {
            client.ask(new Note("n0"), LONG);
            mute.fallSilent();
            ears.eventuallyOffline("the gate is silent");
            assertThat(good.accepted()).isZero();
            mute.speak();
            client.ask(new Note("n1"), LONG);
        }
        assertThat(town.effects()).containsExactly("ada n0", "ada n1");
    }

    @Test
    void deadGates_areTriedWithGrowingWaits() throws Exception {
        Ears ears = new Ears();
        Pier gone = Pier.tcp(new Town());
        gone.close();
        try (BerthClient client = ears.on(BerthClient.to(gone.address())
                        .credentials("ada", "sesame")
                        .times(IMPATIENT))
                .connect()) {
            assertThat(client).isNotNull();
            Ears.eventually("six attempts", () -> ears.all(News.Offline.class).size() >= 6);
            assertThat(ears.all(News.Offline.class).getFirst().why()).contains("no connection");
            assertThat(ears.all(News.Offline.class).getFirst().retryIn())
                    .isBetween(Duration.ofMillis(5), Duration.ofMillis(10));
            assertThat(ears.all(News.Offline.class).get(5).retryIn())
                    .isBetween(Duration.ofMillis(25), Duration.ofMillis(50));
        }
        assertThat(ears.awaitEnd().code()).isEqualTo("LOGGED_OUT");
    }
}
