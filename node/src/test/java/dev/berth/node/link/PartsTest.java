package dev.berth.node.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small parts: the secret, the configuration, the quiet log, and the bytes of the handshake as docs/handshake.md has them. */
final class PartsTest {
    @Test
    void secret_isReadFromAFile_withoutTheNewline(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("secret");
        Files.writeString(file, "a secret of the tests, long enough\r\n\n");

        assertThat(Secret.ofFile(file).proof(new byte[3])).isEqualTo(Harbor.SECRET.proof(new byte[3]));
        assertThat(Secret.ofFile(file)).hasToString("secret");
    }

    @Test
    void shortSecret_isRefused_withTheWayToMakeOne() {
        assertThatThrownBy(() -> Secret.of(new byte[15]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16 to 4096 bytes, got 15")
                .hasMessageContaining("head -c 32 /dev/urandom");
    }

    @Test
    void proof_isHmacSha256_asOtherToolsMakeIt() {
        // RFC 4231, test case 3: the key is twenty times 0xaa, the data fifty times 0xdd.
        byte[] data = HexFormat.of().parseHex("dd".repeat(50));

        assertThat(HexFormat.of()
                        .formatHex(Secret.of(HexFormat.of().parseHex("aa".repeat(20)))
                                .proof(data)))
                .isEqualTo("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    }

    @Test
    void handshake_hasTheBytesOfTheDocument() throws Exception {
        byte[] opening = new Opening(2, Harbor.VERSIONS, "tests", Challenge.NO_NONCE).bytes();
        byte[] challenge = new Challenge(Answer.GO_ON, Harbor.VERSIONS, Challenge.NO_NONCE).bytes();
        Secret secret = Secret.of("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));

        assertThat(HexFormat.of().formatHex(opening))
                .isEqualTo("42525448" + "01" + "00" + "02" + "01" + "01" + "05" + "00".repeat(32) + "7465737473");
        assertThat(HexFormat.of().formatHex(challenge))
                .isEqualTo("42525448" + "01" + "00" + "01" + "01" + "00".repeat(32));
        assertThat(HexFormat.of().formatHex(Proof.ofDialler(secret, opening, challenge)))
                .isEqualTo("b4ae09fe122395cb6e20c233a6ba76da31495d38091d872380cc85a397d24511");
        assertThat(HexFormat.of().formatHex(Proof.ofListener(secret, opening, challenge)))
                .isEqualTo("7084befdfa26f8a7f6930c957d33d2e2fadf728133f55342bff4f140e15ae9fb");
        assertThat(Opening.of(opening).cluster()).isEqualTo("tests");
        assertThat(Challenge.of(challenge).versions()).isEqualTo(Harbor.VERSIONS);
        assertThat(Long.toHexString(ClusterName.id("tests"))).isEqualTo("59830ebc3a418411");
    }

    @Test
    void config_namesWhatIsWrong() {
        TransportConfig config = Harbor.config();

        assertThatThrownBy(() -> TransportConfig.of("Tests!", Harbor.SECRET, Harbor.VERSIONS))
                .hasMessage("a cluster's name is 1 to 63 of a-z, 0-9, '.', '_', '-', got 'Tests!'");
        assertThatThrownBy(() -> config.withConnectMillis(0)).hasMessage("connectMillis must be positive, got 0");
        assertThatThrownBy(() -> config.withHandshake(0, 1)).hasMessage("handshakeMillis must be positive, got 0");
        assertThatThrownBy(() -> config.withHandshake(1, 0)).hasMessage("handshakesMax must be positive, got 0");
        assertThatThrownBy(() -> config.withSilenceMillis(39)).hasMessage("silenceMillis must be at least 40, got 39");
        assertThatThrownBy(() -> config.withPending(0, 1)).hasMessage("fullBytes must be positive, got 0");
        assertThatThrownBy(() -> config.withPending(2, 1))
                .hasMessage("pendingMaxBytes must be at least fullBytes, got 1");
        assertThat(config.toString()).doesNotContain("a secret of the tests");
    }

    @Test
    void quietLog_writesWhatStrangersSay_onOneLine() {
        assertThat(QuietLog.oneLine("ada\r\n12:00 ERROR \u001b[2J\u0085 \u00e4\ud83d\ude00"))
                .isEqualTo("ada\\u000d\\u000a12:00 ERROR \\u001b[2J\\u0085 \u00e4\ud83d\ude00");
    }

    @Test
    void quietLog_countsWhatItLeavesOut() {
        QuietLog log = new QuietLog(org.slf4j.LoggerFactory.getLogger(Transport.class));
        long now = System.nanoTime() + 60_000_000_000L;

        for (int i = 0; i < QuietLog.LINES_MAX; i++) {
            assertThat(log.admit(now + i)).isZero();
        }
        for (int i = 0; i < 7; i++) {
            assertThat(log.admit(now + 1_000)).isEqualTo(-1);
        }
        assertThat(log.admit(now + 10_000_000_000L)).isEqualTo(7);
        assertThat(log.admit(now + 10_000_000_001L)).isZero();
    }
}
