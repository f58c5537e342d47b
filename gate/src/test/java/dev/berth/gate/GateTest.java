package dev.berth.gate;

import static dev.berth.gate.Haven.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.Address;
import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.wire.Bytes;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Raw;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

// Clients with real sockets, at gates of their own: what they say arrives, what is said to them arrives, in every
// framing and over every way in. What they may not do is in HostileClientsTest.
@Timeout(60)
class GateTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Receiver ECHO = (client, packet) -> client.send(packet);

    private final Haven haven = new Haven();

    @AfterEach
    void close() {
        haven.close();
    }

    private static GateConfig tcp() {
        return GateConfig.of(Port.tcp(Haven.ANY)).withLimits(Haven.roomy());
    }

    @Test
    @Tag("S4.9")
    void packetsOfEachFraming_comeBackInIt_howeverTheyAreCut() throws Exception {
        Map<Framing, String> streams = Map.of(
                Framing.lengths(), "\0\0\0\3abc\0\0\0\0\0\0\0\2de",
                Framing.shortLengths(), "\0\3abc\0\0\0\2de",
                Framing.lines(), "abc\n\nde\n");
        for (var each : streams.entrySet()) {
            try (Gate gate = haven.open(tcp(), each.getKey(), ECHO);
                    Plug whole = new Plug(gate.addresses().getFirst());
                    Plug cut = new Plug(gate.addresses().getFirst())) {
                String stream = each.getValue();
                assertThat(whole.text(stream).exactly(stream.length()))
                        .asString()
                        .isEqualTo(stream);
                for (int i = 0; i < stream.length(); i++) {
                    cut.text(stream.substring(i, i + 1));
                }
                assertThat(cut.exactly(stream.length())).asString().isEqualTo(stream);
            }
        }
    }

    @Test
    void webSocketMessages_arePackets_alsoInPieces() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        GateConfig both = GateConfig.of(Port.webSocket(Haven.ANY, "/game"), Port.webSocketText(Haven.ANY, "/game"))
                .withLimits(Haven.roomy());
        // A client of the JDK closes when its sockets are closed: after the gate.
        try (HttpClient http = HttpClient.newHttpClient();
                Gate gate = haven.open(both, Framing.lengths(), ECHO)) {
            WebSocket binary = webSocket(http, gate, 0, heard);
            String large = "x".repeat(60_000);
            binary.sendBinary(ByteBuffer.wrap("one".getBytes(StandardCharsets.UTF_8)), true)
                    .join();
            binary.sendBinary(ByteBuffer.wrap("t".getBytes(StandardCharsets.UTF_8)), false)
                    .join();
            binary.sendPing(ByteBuffer.wrap("?".getBytes(StandardCharsets.UTF_8)))
                    .join();
            binary.sendBinary(ByteBuffer.wrap("wo".getBytes(StandardCharsets.UTF_8)), true)
                    .join();
            binary.sendText(large, true).join();

            assertThat(next(heard)).isEqualTo("binary one");
            assertThat(next(heard)).isEqualTo("pong ?");
            assertThat(next(heard)).isEqualTo("binary two");
            assertThat(next(heard)).isEqualTo("binary " + large);

            WebSocket text = webSocket(http, gate, 1, heard);
            text.sendText("grüße", true).join();
            assertThat(next(heard)).isEqualTo("text grüße");
            text.sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
            assertThat(next(heard)).startsWith("closed 1000");
        }
        assertThat(next(heard)).isEqualTo("closed 1000 the gate is closed");
    }

    private static WebSocket webSocket(HttpClient http, Gate gate, int port, LinkedBlockingQueue<String> heard) {
        URI uri = URI.create("ws://127.0.0.1:" + gate.addresses().get(port).getPort() + "/game");
        return http.newWebSocketBuilder().buildAsync(uri, new Ears(heard)).join();
    }

    @Test
    void requestThatIsNoUpgrade_getsAClearAnswer() throws Exception {
        GateConfig config = GateConfig.of(Port.webSocket(Haven.ANY, "/game"));
        try (Gate gate = haven.open(config, Framing.lengths(), ECHO);
                HttpClient http = HttpClient.newHttpClient()) {
            String base = "http://127.0.0.1:" + gate.addresses().getFirst().getPort();
            HttpResponse<String> plain = get(http, base + "/game");
            assertThat(plain.statusCode()).isEqualTo(426);
            assertThat(plain.headers().firstValue("sec-websocket-version")).hasValue("13");
            assertThat(plain.body()).contains("connect by WebSocket");
            HttpResponse<String> elsewhere = get(http, base + "/wp-admin");
            assertThat(elsewhere.statusCode()).isEqualTo(404);
            assertThat(elsewhere.body()).contains("/game");
            try (Plug garbage = new Plug(gate.addresses().getFirst())) {
                assertThat(garbage.text("\1\2\3 what?\r\n\r\n").toTheEnd()).startsWith("HTTP/1.1 400");
            }
            assertThat(Haven.refused(gate, "handshake-bad")).isEqualTo(3);
        }
    }

    private static HttpResponse<String> get(HttpClient http, String uri) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void behindTls_streamsAndMessagesAreTheSame(@TempDir Path dir) throws Exception {
        Certificate own = Certificate.make(dir);
        GateConfig config = GateConfig.of(
                Port.tcp(Haven.ANY).withTls(own.files()),
                Port.webSocket(Haven.ANY, "/game").withTls(own.files()));
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        SSLSocketFactory sockets = own.trust().getSocketFactory();
        try (Gate gate = haven.open(config, Framing.lengths(), ECHO);
                Plug client = new Plug(sockets.createSocket(
                        "127.0.0.1", gate.addresses().getFirst().getPort()));
                HttpClient http =
                        HttpClient.newBuilder().sslContext(own.trust()).build()) {
            assertThat(client.packet("hello").answer()).isEqualTo("hello");
            URI uri = URI.create("wss://localhost:" + gate.addresses().get(1).getPort() + "/game");
            WebSocket socket =
                    http.newWebSocketBuilder().buildAsync(uri, new Ears(heard)).join();
            socket.sendBinary(ByteBuffer.wrap("x".repeat(50_000).getBytes(StandardCharsets.UTF_8)), true)
                    .join();
            assertThat(next(heard)).isEqualTo("binary " + "x".repeat(50_000));
            socket.abort();
        }
    }

    @Test
    void proxyHeader_isBelievedFromThoseWhomTheConfigurationTrusts() throws Exception {
        try (Gate gate = haven.open(tcp().withProxies("127.0.0.0/8"), Framing.lengths());
                Plug one = new Plug(gate.addresses().getFirst());
                Plug two = new Plug(gate.addresses().getFirst());
                Plug health = new Plug(gate.addresses().getFirst())) {
            one.text("PROXY TCP4 203.0.113.7 198.51.100.1 4711 443\r\n\0\0\0\2hi");
            assertThat(next(haven.connected).remote().toString()).isEqualTo("/203.0.113.7:4711");
            assertThat(next(haven.said).packet()).isEqualTo(Bytes.utf8("hi"));
            two.raw(v2(0x21, 4712)).packet("ho");
            assertThat(next(haven.connected).remote().toString()).isEqualTo("/203.0.113.9:4712");
            assertThat(next(haven.said).packet()).isEqualTo(Bytes.utf8("ho"));
            health.raw(v2(0x20, 1)).packet("?");
            assertThat(next(haven.connected).remote().getPort()).isEqualTo(health.localPort());
        }
        try (Gate gate = haven.open(tcp().withProxies("10.0.0.0/8"), Framing.lines());
                Plug stranger = new Plug(gate.addresses().getFirst())) {
            haven.said.clear();
            stranger.text("PROXY TCP4 203.0.113.7 198.51.100.1 4711 443\n");
            assertThat(next(haven.said).packet().utf8()).startsWith("PROXY TCP4");
        }
    }

    private static byte[] v2(int versionAndCommand, int port) {
        return ByteBuffer.allocate(28)
                .put(new byte[] {0xD, 0xA, 0xD, 0xA, 0, 0xD, 0xA, 0x51, 0x55, 0x49, 0x54, 0xA})
                .put((byte) versionAndCommand)
                .put((byte) 0x11)
                .putShort((short) 12)
                .put(new byte[] {(byte) 203, 0, 113, 9, (byte) 198, 51, 100, 1})
                .putShort((short) port)
                .putShort((short) 443)
                .array();
    }

    @Test
    @Tag("S3.1")
    @Tag("S4.9")
    void eachClientHasAnAddressOfItsOwn_untilItIsGone() throws Exception {
        LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (Gate gate = haven.open(tcp(), Framing.lengths());
                Plug plug = new Plug(gate.addresses().getFirst())) {
            Client client = next(haven.connected);
            Address address = client.way().address();
            ProcessRef<Object> way = haven.processes.at(address);
            haven.processes.<String>spawn(self -> {
                self.monitor(way, cause -> cause);
                return (_, cause) -> told.add(cause);
            });
            way.send(Bytes.utf8("a message"));
            assertThat(way.call(new Raw(Bytes.utf8("a question")), LONG)).isEqualTo(Bytes.EMPTY);
            assertThat(plug.answer()).isEqualTo("a message");
            assertThat(plug.answer()).isEqualTo("a question");
            try (Plug another = new Plug(gate.addresses().getFirst())) {
                Address its = next(haven.connected).way().address();
                assertThat(its).isNotEqualTo(address);
                haven.processes.<Object>at(its).send(Bytes.utf8("for another"));
                way.send(Bytes.utf8("for the first"));
                assertThat(another.answer()).isEqualTo("for another");
                assertThat(plug.answer()).isEqualTo("for the first");
            }
            assertThat(next(haven.ended).cause()).isEqualTo("it has closed the connection");

            plug.hangUp();
            assertThat(next(haven.ended).cause()).isEqualTo("it has closed the connection");
            assertThat(next(told)).contains("is gone: it has closed the connection");
            assertThatThrownBy(() -> haven.processes.<Object>at(address).call(new Raw(Bytes.EMPTY), LONG))
                    .isInstanceOfSatisfying(
                            CallException.class,
                            thrown -> assertThat(thrown.outcome())
                                    .isEqualTo(new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0)));
            assertThat(client.send(Bytes.utf8("too late"))).isFalse();
            assertThat(haven.processes.count()).as("the watcher").isEqualTo(1);
        }
    }

    @Test
    void handoff_answersAndCloses_inThisOrder() throws Exception {
        Receiver gateway = (client, _) -> {
            client.send(Bytes.utf8("go to 203.0.113.5"));
            client.close("handed off");
        };
        try (Gate gate = haven.open(tcp(), Framing.lines(), gateway);
                Plug plug = new Plug(gate.addresses().getFirst())) {
            assertThat(plug.text("where?\n").toTheEnd()).isEqualTo("go to 203.0.113.5\n");
        }
    }

    @Test
    void whatManyThreadsSay_arrivesInTheOrderOfEach() throws Exception {
        try (Gate gate = haven.open(tcp(), Framing.lines());
                Plug plug = new Plug(gate.addresses().getFirst())) {
            Client client = next(haven.connected);
            int each = 500;
            for (String name : List.of("a", "b", "c")) {
                Thread.startVirtualThread(() -> {
                    for (int i = 0; i < each; i++) {
                        // Through the process and directly, in turn.
                        Bytes line = Bytes.utf8(name + i);
                        if (i % 2 == 0) {
                            client.way().call(new Raw(line), LONG);
                        } else {
                            client.send(line);
                        }
                    }
                });
            }
            StringBuilder all = new StringBuilder();
            while (all.chars().filter(c -> c == '\n').count() < 3L * each) {
                all.append((char) plug.exactly(1)[0]);
            }
            for (String name : List.of("a", "b", "c")) {
                List<Integer> numbers = all.toString()
                        .lines()
                        .filter(line -> line.startsWith(name))
                        .map(line -> Integer.parseInt(line.substring(1)))
                        .toList();
                assertThat(numbers).hasSize(each).isSorted();
            }
        }
    }

    @Test
    void broadcast_isTheSameForEveryWayIn() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        GateConfig config = GateConfig.of(Port.tcp(Haven.ANY), Port.webSocket(Haven.ANY, "/game"));
        try (HttpClient http = HttpClient.newHttpClient();
                Gate gate = haven.open(config, Framing.lengths())) {
            webSocket(http, gate, 1, heard);
            List<Plug> plugs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                plugs.add(new Plug(gate.addresses().getFirst()));
            }
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < 21; i++) {
                clients.add(next(haven.connected));
            }
            gate.send(clients, Bytes.utf8("to all"));
            clients.getFirst().loop().execute(() -> gate.send(clients, Bytes.utf8("and again")));
            for (Plug plug : plugs) {
                assertThat(plug.answer()).isEqualTo("to all");
                assertThat(plug.answer()).isEqualTo("and again");
                plug.hangUp();
            }
            assertThat(next(heard)).isEqualTo("binary to all");
            assertThat(next(heard)).isEqualTo("binary and again");
        }
    }

    @Test
    void severalInARow_areAPacketEach_onEveryWayIn() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        List<Bytes> some = List.of(Bytes.utf8("one"), Bytes.EMPTY, Bytes.utf8("three"));
        GateConfig config = GateConfig.of(Port.tcp(Haven.ANY), Port.webSocket(Haven.ANY, "/game"));
        try (HttpClient http = HttpClient.newHttpClient();
                Gate gate = haven.open(config, Framing.lengths())) {
            webSocket(http, gate, 1, heard);
            Client web = next(haven.connected);
            try (Plug plug = new Plug(gate.addresses().getFirst())) {
                Client tcp = next(haven.connected);
                for (Client client : List.of(web, tcp)) {
                    assertThat(client.send(some)).isTrue();
                    client.loop().execute(() -> {
                        var _ = client.send(some);
                        var _ = client.send(Bytes.utf8("last"));
                    });
                }
                for (String word : List.of("one", "", "three", "one", "", "three", "last")) {
                    assertThat(plug.answer()).isEqualTo(word);
                    assertThat(next(heard)).isEqualTo("binary " + word);
                }
            }
        }
    }

    /** It resets its connection, since it has not read all, and what it said last is still unread when an answer fails. */
    @Test
    void whoTakesNoAnswersAnyMore_isHeardToItsLastWord() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        CountDownLatch reset = new CountDownLatch(1);
        Receiver receiver = new Receiver() {
            @Override
            public void packet(Client client, Bytes packet) {
                heard.add(packet.utf8());
                if (packet.utf8().equals("one")) {
                    assertThatCode(reset::await).doesNotThrowAnyException();
                }
                client.send(Bytes.utf8("answer"));
                client.channel().flush();
            }

            @Override
            public void closed(Client client, String cause) {
                heard.add("closed");
            }
        };
        try (Gate gate = haven.open(tcp(), Framing.lines(), receiver);
                Plug plug = new Plug(gate.addresses().getFirst())) {
            assertThat(plug.text("zero\n").exactly(1)).asString().isEqualTo("a");
            plug.text("one\n");
            assertThat(next(heard)).isEqualTo("zero");
            assertThat(next(heard)).isEqualTo("one");
            plug.text("two\nthree\n").hangUp();
            reset.countDown();
            assertThat(next(heard)).isEqualTo("two");
            assertThat(next(heard)).isEqualTo("three");
            assertThat(next(heard)).isEqualTo("closed");
        }
    }

    /** What it has said before is in this gate already: its receiver has paused it, and goes on when its socket is closed. */
    @Test
    void whoIsGoneWhileItIsPaused_isHeardToTheEnd_whenItsReceiverGoesOn_orEndsIt() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<Client> paused = new LinkedBlockingQueue<>();
        Receiver receiver = new Receiver() {
            @Override
            public void packet(Client client, Bytes packet) {
                heard.add(packet.utf8());
                if (packet.utf8().equals("one")) {
                    client.pause();
                    paused.add(client);
                }
            }

            @Override
            public void closed(Client client, String cause) {
                heard.add("closed: " + cause);
            }
        };
        try (Gate gate = haven.open(tcp(), Framing.lines(), receiver);
                Plug patient = new Plug(gate.addresses().getFirst());
                Plug ended = new Plug(gate.addresses().getFirst())) {
            Client first = gone(patient, paused);
            Client second = gone(ended, paused);
            assertThat(next(heard)).isEqualTo("one");
            assertThat(next(heard)).isEqualTo("one");
            assertThat(heard).isEmpty();

            assertThat(first.onLoop(first::resume)).isTrue();
            assertThat(next(heard)).isEqualTo("two");
            assertThat(next(heard)).isEqualTo("three");
            assertThat(next(heard)).isEqualTo("closed: cut");
            second.close("enough");
            assertThat(next(heard)).isEqualTo("closed: enough");
            Haven.eventually("both have left", () -> gate.count() == 0);
            assertThat(heard).isEmpty();
        }
    }

    private static Client gone(Plug plug, LinkedBlockingQueue<Client> paused) throws Exception {
        plug.text("one\ntwo\nthree\nhal");
        Client client = paused.take();
        assertThat(client.onLoop(() -> client.broken("cut"))).isTrue();
        Haven.eventually("its socket is closed", () -> !client.channel().isRegistered());
        return client;
    }

    /** Remembers what a WebSocket client hears. */
    private static final class Ears implements WebSocket.Listener {
        private final LinkedBlockingQueue<String> heard;
        private final StringBuilder parts = new StringBuilder();

        Ears(LinkedBlockingQueue<String> heard) {
            this.heard = heard;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            return part(socket, "text ", text.toString(), last);
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer bytes, boolean last) {
            return part(socket, "binary ", text(bytes), last);
        }

        private @Nullable CompletionStage<?> part(WebSocket socket, String kind, String part, boolean last) {
            parts.append(part);
            if (last) {
                heard.add(kind + parts);
                parts.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            heard.add("pong " + text(message));
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            heard.add("closed " + code + " " + reason);
            return null;
        }

        private static String text(ByteBuffer bytes) {
            byte[] all = new byte[bytes.remaining()];
            bytes.get(all);
            return new String(all, StandardCharsets.UTF_8);
        }
    }
}
