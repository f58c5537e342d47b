package dev.berth.gate;

import static dev.berth.gate.Haven.eventually;
import static dev.berth.gate.Haven.next;
import static dev.berth.gate.Haven.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.wire.Bytes;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

// Each bound is met on purpose: the client is closed, the count of its reason grows, and an honest client beside it
// notices nothing. Garbage of every kind does nothing more.
@Timeout(60)
class HostileClientsTest {
    private static final Receiver ECHO = (client, packet) -> client.send(packet);
    private static final GateLimits LIMITS = Haven.roomy();

    private static final String UPGRADE = """
        GET / HTTP/1.1
        Host: here
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

        """.replace("\n", "\r\n");

    private final Haven haven = new Haven();

    @AfterEach
    void close() {
        haven.close();
    }

    private Gate gate(GateLimits limits, Receiver receiver) throws Exception {
        return haven.open(GateConfig.of(Port.tcp(Haven.ANY)).withLimits(limits), Framing.lengths(), receiver);
    }

    private static InetSocketAddress of(Gate gate) {
        return gate.addresses().getFirst();
    }

    private static void isWell(Gate gate) throws Exception {
        try (Plug honest = new Plug(of(gate))) {
            assertThat(honest.packet("still there?").answer()).isEqualTo("still there?");
        }
    }

    @Test
    void tenThousandThatNeverSpeak_goAgain_andAnHonestOneIsServed() throws Exception {
        int most = 4_000;
        try (Gate gate = gate(LIMITS.withClients(most, most).withPatience(2_000, 2_000), ECHO)) {
            List<SocketChannel> mute = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                if (mute.size() == most) {
                    // Their own ends: this process has to hold both.
                    mute.removeFirst().close();
                }
                mute.add(SocketChannel.open(of(gate)));
            }
            eventually("all are gone", () -> gate.count() == 0);
            for (SocketChannel each : mute) {
                each.close();
            }
            assertThat(refused(gate, "silent") + refused(gate, "gate-full")).isPositive();
            assertThat(haven.processes.count()).isZero();
            isWell(gate);
        }
    }

    @Test
    void moreThanFit_areRefused_byGateAddressAndSecond() throws Exception {
        try (Gate gate = gate(LIMITS.withClients(2, 2), ECHO);
                Plug one = new Plug(of(gate));
                Plug two = new Plug(of(gate))) {
            assertThat(one.packet("1").answer() + two.packet("2").answer()).isEqualTo("12");
            try (Plug three = new Plug(of(gate))) {
                assertThat(three.toTheEnd()).isEmpty();
            }
            assertThat(refused(gate, "gate-full")).isEqualTo(1);
            one.hangUp();
            eventually("there is room again", () -> gate.count() == 1);
            isWell(gate);
        }
        try (Gate gate = gate(LIMITS.withClients(10, 1), ECHO);
                Plug one = new Plug(of(gate))) {
            assertThat(one.packet("1").answer()).isEqualTo("1");
            try (Plug two = new Plug(of(gate))) {
                assertThat(two.toTheEnd()).isEmpty();
            }
            assertThat(refused(gate, "address-full")).isEqualTo(1);
            one.hangUp();
            eventually("nobody is there", () -> gate.count() == 0);
            isWell(gate);
        }
        try (Gate gate = gate(LIMITS.withConnectsPerSecond(5), ECHO)) {
            List<Plug> crowd = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                crowd.add(new Plug(of(gate)));
            }
            eventually("some have come too fast", () -> refused(gate, "connect-rate") >= 5);
            for (Plug each : crowd) {
                each.close();
            }
        }
    }

    @Test
    void limitPerAddress_isThatOfTheClient_notOfTheLoadBalancer() throws Exception {
        GateConfig config = GateConfig.of(Port.tcp(Haven.ANY))
                .withLimits(LIMITS.withClients(10, 1))
                .withProxies("127.0.0.1");
        try (Gate gate = haven.open(config, Framing.lengths(), ECHO);
                Plug one = new Plug(of(gate));
                Plug two = new Plug(of(gate));
                Plug again = new Plug(of(gate))) {
            one.text("PROXY TCP4 203.0.113.1 198.51.100.1 1 443\r\n");
            assertThat(one.packet("1").answer()).isEqualTo("1");
            two.text("PROXY TCP6 2001:db8::1 2001:db8::2 1 443\r\n");
            assertThat(two.packet("2").answer()).isEqualTo("2");
            // Another address of the same network.
            assertThat(again.text("PROXY TCP6 2001:db8::ffff 2001:db8::2 1 443\r\n")
                            .toTheEnd())
                    .isEmpty();
            assertThat(refused(gate, "address-full")).isEqualTo(1);
        }
    }

    @Test
    void proxyHeaderThatIsNone_orNeverComes_isRefused() throws Exception {
        GateConfig config = GateConfig.of(Port.tcp(Haven.ANY))
                .withLimits(LIMITS.withPatience(300, 10_000))
                .withProxies("127.0.0.1");
        try (Gate gate = haven.open(config, Framing.lengths());
                Plug mute = new Plug(of(gate))) {
            for (String garbage : List.of("\0\0\0\2hi plus some\r\n", "PROXY nonsense\r\n", "PROXY TCP4 1 2 3 4\r\n")) {
                try (Plug plug = new Plug(of(gate))) {
                    assertThat(plug.text(garbage).toTheEnd()).isEmpty();
                }
            }
            eventually("all are refused", () -> refused(gate, "handshake-bad") == 3);
            assertThat(mute.toTheEnd()).isEmpty();
            assertThat(refused(gate, "handshake-late")).isEqualTo(1);
            assertThat(haven.connected).isEmpty();
        }
    }

    @Test
    void handshakesThatNeverEnd_areEnded(@TempDir Path dir) throws Exception {
        Tls tls = Certificate.make(dir).files();
        GateConfig config = GateConfig.of(
                        Port.tcp(Haven.ANY).withTls(tls), Port.webSocket(Haven.ANY, "/"), Port.tcp(Haven.ANY))
                .withLimits(LIMITS.withPatience(400, 400));
        try (Gate gate = haven.open(config, Framing.lengths())) {
            try (Plug one = new Plug(gate.addresses().get(0));
                    Plug two = new Plug(gate.addresses().get(1));
                    Plug three = new Plug(gate.addresses().get(2));
                    Plug four = new Plug(gate.addresses().get(0))) {
                assertThat(four.text("this is no TLS at all").toTheEnd()).isNotNull();
                two.text("GET / HTTP/1.1\r\nHost: slow");
                // The beginning of a packet is no packet.
                three.raw((byte) 0, (byte) 0, (byte) 0, (byte) 9, (byte) 1);
                one.toTheEnd();
                two.toTheEnd();
                three.toTheEnd();
            }
            assertThat(refused(gate, "handshake-late")).isEqualTo(2);
            assertThat(refused(gate, "silent")).isEqualTo(1);
            assertThat(refused(gate, "handshake-bad")).isEqualTo(1);
        }
    }

    @Test
    void oversizedPacket_isRefused_beforeItHasCome() throws Exception {
        GateConfig config = GateConfig.of(Port.tcp(Haven.ANY), Port.webSocket(Haven.ANY, "/"))
                .withLimits(LIMITS.withPacketMax(1_000));
        try (Gate gate = haven.open(config, Framing.lengths(), ECHO);
                Plug stream = new Plug(of(gate));
                Plug messages = new Plug(gate.addresses().get(1))) {
            assertThat(stream.raw((byte) 0, (byte) 0, (byte) 3, (byte) 0xe9).toTheEnd())
                    .isEmpty();
            messages.text(UPGRADE);
            assertThat(messages.exactly(129))
                    .asString()
                    .contains("101 Switching")
                    .endsWith("\r\n\r\n");
            // Binary, masked, 1,001 bytes to come.
            messages.raw((byte) 0x82, (byte) 0xfe, (byte) 0x03, (byte) 0xe9, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
            assertThat(messages.toTheEnd())
                    .contains("\u0003\u00f1too-large: Max frame length of 1000 has been exceeded");
            assertThat(refused(gate, "too-large")).isEqualTo(2);
            isWell(gate);
        }
    }

    @Test
    void slowReader_isClosed_atItsBoundOrAfterItsTime_andHoldsUpNobody() throws Exception {
        Bytes chunk = Bytes.wrap(new byte[50_000]);
        try (Gate gate = gate(LIMITS.withQueue(1 << 20, 60_000), haven);
                Plug deaf = new Plug(of(gate))) {
            Client client = next(haven.connected);
            eventually("too much waits for it", () -> !client.send(chunk));
            assertThat(next(haven.ended).cause()).startsWith("slow-reader").contains("at most 1048576");
            assertThat(refused(gate, "slow-reader")).isEqualTo(1);
            assertThat(deaf.localPort()).isPositive();
        }
        try (Gate gate = gate(LIMITS.withQueue(1 << 26, 300), haven);
                Plug deaf = new Plug(of(gate));
                Plug other = new Plug(of(gate))) {
            Client client = next(haven.connected);
            Client well = next(haven.connected);
            boolean deafFirst = client.remote().getPort() == deaf.localPort();
            for (int i = 0; i < 200; i++) {
                (deafFirst ? client : well).send(chunk);
            }
            (deafFirst ? well : client).send(Bytes.utf8("meanwhile"));
            assertThat(other.answer()).isEqualTo("meanwhile");
            assertThat(next(haven.ended).cause())
                    .isEqualTo("slow-reader: it has not read for 300 ms while much waits for it");
        }
    }

    @Test
    @Timeout(15)
    void floodThatReadsNothing_isNotReadFrom() throws Exception {
        try (Gate gate = gate(LIMITS.withQueue(1 << 20, 500), ECHO);
                Plug flood = new Plug(of(gate))) {
            Thread writer = Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        flood.packet("x".repeat(10_000));
                    }
                } catch (java.io.IOException closed) {
                    // As it should be.
                }
            });
            eventually("it is closed", () -> refused(gate, "slow-reader") == 1);
            writer.join();
            assertThat(refused(gate, "slow-reader")).isEqualTo(1);
            isWell(gate);
        }
    }

    @Test
    void framesThatBringNothing_areFew_andPacketsInPiecesAreNotAmongThem() throws Exception {
        byte[] ping = frame(0x89);
        byte[] begins = frame(0x02);
        byte[] goesOn = frame(0x00);
        GateConfig config = GateConfig.of(Port.tcp(Haven.ANY), Port.webSocket(Haven.ANY, "/"))
                .withLimits(LIMITS);
        try (Gate gate = haven.open(config, Framing.lengths(), ECHO)) {
            try (Plug honest = upgraded(gate)) {
                honest.raw(begins).raw(many(ping, 40)).raw(many(goesOn, 40));
                honest.raw(many(frame(0x00, (byte) 'x'), 500)).raw(frame(0x80));
                // 40 pongs, and the packet as one frame with two bytes of length.
                assertThat(honest.exactly(40 * 2 + 4 + 500)).asString().endsWith("x".repeat(500));
            }
            int floods = 0;
            for (byte[] each : List.of(ping, frame(0x8a), goesOn)) {
                try (Plug flood = upgraded(gate)) {
                    flood.raw(begins).raw(many(each, 1_000)).toTheEnd();
                }
                floods++;
                int refused = floods;
                eventually("it is refused", () -> refused(gate, "too-fast") == refused);
            }
            isWell(gate);
        }
    }

    private static Plug upgraded(Gate gate) throws Exception {
        Plug plug = new Plug(gate.addresses().get(1)).text(UPGRADE);
        assertThat(plug.exactly(129)).asString().endsWith("\r\n\r\n");
        return plug;
    }

    /** Masked with nothing. */
    private static byte[] frame(int head, byte... body) {
        return ByteBuffer.allocate(6 + body.length)
                .put((byte) head)
                .put((byte) (0x80 | body.length))
                .putInt(0)
                .put(body)
                .array();
    }

    private static byte[] many(byte[] each, int times) {
        ByteBuffer all = ByteBuffer.allocate(each.length * times);
        for (int i = 0; i < times; i++) {
            all.put(each);
        }
        return all.array();
    }

    @Test
    void garbage_closesItsSender_andNobodyElse(@TempDir Path dir) throws Exception {
        Tls tls = Certificate.make(dir).files();
        GateConfig config = GateConfig.of(
                        Port.tcp(Haven.ANY),
                        Port.webSocket(Haven.ANY, "/"),
                        Port.tcp(Haven.ANY).withTls(tls),
                        Port.webSocket(Haven.ANY, "/").withTls(tls))
                .withLimits(LIMITS.withPatience(200, 200).withPacketMax(1_000));
        long seed = 20261122;
        Random random = new Random(seed);
        try (Gate gate = haven.open(config, Framing.lengths(), ECHO)) {
            List<Plug> all = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                Plug plug = new Plug(gate.addresses().get(i % 4));
                all.add(plug);
                byte[] noise = new byte[random.nextInt(3_000)];
                random.nextBytes(noise);
                try {
                    if (i % 3 == 0 && i % 4 == 1) {
                        plug.text(UPGRADE);
                    }
                    plug.raw(noise);
                } catch (java.io.IOException closed) {
                    // It had heard enough.
                }
            }
            eventually("all are gone", () -> gate.count() <= lucky(all));
            assertThat(refused(gate, "bug")).isZero();
            for (Plug plug : all) {
                plug.close();
            }
            isWell(gate);
        }
    }

    /** Noise may begin with a packet or two; then the client waits like any other. */
    private static int lucky(List<Plug> all) {
        return all.size() / 20;
    }

    @Test
    void receiverThatThrows_costsItsClientTheConnection_andNobodyElse() throws Exception {
        Receiver brittle = (client, packet) -> {
            if (packet.length() == 0) {
                throw new IllegalStateException("an empty packet");
            }
            client.send(packet);
        };
        try (Gate gate = gate(LIMITS, brittle);
                Plug plug = new Plug(of(gate))) {
            assertThat(plug.packet("").toTheEnd()).isEmpty();
            assertThat(refused(gate, "bug")).isEqualTo(1);
            isWell(gate);
        }
    }

    @Test
    void whatCannotBeSaid_isTheCallersMistake() throws Exception {
        GateConfig config = GateConfig.of(Port.tcp(Haven.ANY));
        try (Gate gate = haven.open(config, Framing.shortLengths());
                Plug _ = new Plug(of(gate))) {
            Client client = next(haven.connected);
            assertThatThrownBy(() -> client.send(Bytes.wrap(new byte[70_000])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a packet of 70000 bytes, at most 65535");
        }
        assertThatThrownBy(() -> GateConfig.of()).hasMessageContaining("no port");
        assertThatThrownBy(() -> config.withProxies("example.org")).hasMessageContaining("no address");
        assertThatThrownBy(() -> config.withProxies("10.0.0.0/99")).hasMessageContaining("no address");
        assertThatThrownBy(() -> LIMITS.withPacketMax(0)).hasMessageContaining("packetMax is 1 to");
        assertThatThrownBy(() -> haven.open(
                        GateConfig.of(Port.tcp(Haven.ANY).withTls(new Tls(Path.of("/none"), Path.of("/none")))),
                        Framing.lines()))
                .hasMessage("cannot read /none, which TLS needs");
    }
}
