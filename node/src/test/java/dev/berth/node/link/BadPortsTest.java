package dev.berth.node.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Versions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

// The mirror of StrangersTest: a node dials, and what listens there is wrong. The dial's ears hear why, one line in the
// log says it, and the secret's proof has not been given to anybody who did not ask properly.

/** A dialling end goes on only with a listening end that proves itself. */
final class BadPortsTest {
    private final Harbor harbor = new Harbor();
    private final Lines log = new Lines(Transport.class);
    private final ServerSocket port;
    private @Nullable Stranger accepted;

    BadPortsTest() throws IOException {
        port = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        stranger().close();
        port.close();
        harbor.close();
        log.close();
    }

    private Stranger stranger() {
        return Objects.requireNonNull(accepted, "nobody has dialled");
    }

    private Notebook dial(TransportConfig config) throws IOException {
        Notebook ears = harbor.dial(config, (InetSocketAddress) port.getLocalSocketAddress());
        accepted = Stranger.accept(port);
        return ears;
    }

    private Notebook dialAndAnswer(byte[] answer) throws IOException {
        Notebook ears = dial(Harbor.config());
        stranger().hear(47);
        stranger().say(answer);
        return ears;
    }

    private void assertRefused(Notebook ears, String... words) throws Exception {
        assertThat(ears.cause()).contains(words);
        assertThat(log.next())
                .startsWith("link to localhost/127.0.0.1:")
                .contains(" refused: ")
                .contains(words);
        assertThat(log.rest()).isEmpty();
        assertThat(ears.wasOpened()).isFalse();
    }

    private void assertRefusedWithoutProof(Notebook ears, String... words) throws Exception {
        assertRefused(ears, words);
        assertThat(stranger().hearToTheEnd()).isEmpty();
    }

    @Test
    void garbage() throws Exception {
        byte[] banner = "SSH-2.0-OpenSSH_9.2\r\n".getBytes(StandardCharsets.US_ASCII);

        assertRefusedWithoutProof(dialAndAnswer(banner), "the bytes 5353482d322e302d do not begin a handshake");
    }

    @Test
    void oversized() throws Exception {
        assertRefusedWithoutProof(
                dialAndAnswer(Arrays.copyOf(Stranger.challenge(), 1 << 16)),
                "1024 bytes came where a handshake has 40",
                "the address is wrong");
    }

    @Test
    void truncated() throws Exception {
        Notebook ears = dialAndAnswer(Arrays.copyOf(Stranger.challenge(), 30));
        stranger().close();

        assertRefused(ears, "closed the connection after 30 bytes of the handshake");
    }

    @Test
    void closedAtOnce() throws Exception {
        Notebook ears = dial(Harbor.config());
        stranger().hear(47);
        stranger().close();

        assertRefused(ears, "closed the connection after 0 bytes of the handshake");
    }

    @Test
    void silent() throws Exception {
        Notebook ears = dial(Harbor.config().withHandshake(300, 1));

        assertRefused(ears, "did not finish the handshake within 300 ms", "is it up");
    }

    @Test
    void tooSlow() throws Exception {
        Notebook ears = dial(Harbor.config().withHandshake(300, 1));
        stranger().say(Arrays.copyOf(Stranger.challenge(), 39));

        assertRefused(ears, "did not finish the handshake within 300 ms");
    }

    @Test
    void otherCluster() throws Exception {
        byte[] answer = new Challenge(Answer.OTHER_CLUSTER, Harbor.VERSIONS, Challenge.NO_NONCE).bytes();

        assertRefusedWithoutProof(
                dialAndAnswer(answer), "it belongs to another cluster; check the address and the cluster's name");
    }

    @Test
    void disjointVersions_areNamed_refusedThere_orHere() throws Exception {
        byte[] refused = new Challenge(Answer.VERSIONS_APART, new Versions(5, 6), Challenge.NO_NONCE).bytes();

        assertRefusedWithoutProof(dialAndAnswer(refused), "we speak versions 1..1, the other side 5..6; upgrade");
        stranger().close();

        byte[] goesOn = new Challenge(Answer.GO_ON, new Versions(5, 6), Proof.nonce()).bytes();
        assertRefusedWithoutProof(dialAndAnswer(goesOn), "we speak versions 1..1, the other side 5..6; upgrade");
    }

    @Test
    void otherHandshake_unknownAnswer_impossibleVersions() throws Exception {
        assertRefusedWithoutProof(
                dialAndAnswer(Stranger.changed(Stranger.challenge(), 4, 2)), "answers with handshake version 2");
        stranger().close();
        assertRefusedWithoutProof(
                dialAndAnswer(Stranger.changed(Stranger.challenge(), 5, 77)), "answers 77, which this side does not");
        stranger().close();
        assertRefusedWithoutProof(
                dialAndAnswer(Stranger.changed(Stranger.challenge(), 6, 0)), "versions are a range within 1..255");
    }

    @Test
    void refusedForItsSecret() throws Exception {
        Notebook ears = dialAndAnswer(Stranger.challenge());
        stranger().hear(Proof.SIZE);
        byte[] verdict = new byte[1 + Proof.SIZE];
        verdict[0] = (byte) Answer.OTHER_SECRET.code();
        stranger().say(verdict);

        assertRefused(ears, "the other end refuses us: the secrets differ; give both ends the same secret file");
    }

    @Test
    void doesNotKnowTheSecret_orReflectsOurProof() throws Exception {
        Notebook ears = dial(Harbor.config());
        byte[] opening = stranger().hear(47);
        byte[] challenge = Stranger.challenge();
        stranger().say(challenge);
        stranger().hear(Proof.SIZE);
        stranger()
                .say(Stranger.verdict(
                        Proof.ofListener(Harbor.secret("a secret that was guessed"), opening, challenge)));
        assertRefused(ears, "the other end does not know the secret");
        stranger().close();

        Notebook again = dialAndAnswer(Stranger.challenge());
        stranger().say(Stranger.verdict(stranger().hear(Proof.SIZE)));
        assertRefused(again, "the other end does not know the secret");
    }

    @Test
    void frameBehindTheVerdict_isHeard_butNotBeforeIt() throws Exception {
        Notebook ears = dial(Harbor.config());
        byte[] opening = stranger().hear(47);
        byte[] challenge = Stranger.challenge();
        stranger().say(challenge);
        stranger().hear(Proof.SIZE);
        byte[] verdict = Stranger.verdict(Proof.ofListener(Harbor.SECRET, opening, challenge));
        stranger().say(Stranger.joined(verdict, Stranger.writer().frame(Harbor.call(1, 5))));

        assertThat(ears.next()).isEqualTo(Harbor.call(1, 5));

        stranger().close();
        ears.cause();
        byte[] frame = Stranger.writer().frame(Harbor.call(1, 5));
        assertRefusedWithoutProof(dialAndAnswer(frame), "do not begin a handshake");
    }
}
