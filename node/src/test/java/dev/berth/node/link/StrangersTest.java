package dev.berth.node.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Versions;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

// Each test is a stranger at the door who says something wrong, over a plain socket. Each time the connection ends, one
// line in the log says why and what to do, no ears are made, and an honest end is served afterwards.

/** Whatever does not belong to the cluster is turned away before a byte of payload is read. */
final class StrangersTest {
    private final Harbor harbor = new Harbor();
    private final Lines log = new Lines(Transport.class);
    private InetSocketAddress address;

    StrangersTest() throws Exception {
        address = harbor.listen(Harbor.config());
    }

    @BeforeEach
    void quiet() {
        assertThat(log.rest()).isEmpty();
    }

    @AfterEach
    void close() {
        harbor.close();
        log.close();
    }

    private void listen(TransportConfig config) throws Exception {
        address = harbor.listen(config);
    }

    /** Says these bytes at once; what comes back before the end. */
    private byte[] turnedAway(byte[] says, String... words) throws Exception {
        try (Stranger stranger = Stranger.dial(address)) {
            stranger.sayWhatItCan(says);
            byte[] answer = stranger.hearToTheEnd();
            assertOneLine(words);
            return answer;
        }
    }

    /** Answers the challenge with what {@code proof} makes of opening and challenge. */
    private byte[] turnedAwayAtTheProof(Forger forger, String... words) throws Exception {
        try (Stranger stranger = Stranger.dial(address)) {
            byte[] opening = Stranger.opening(Kind.PEER);
            stranger.say(opening);
            stranger.say(forger.forge(opening, stranger.hear(Challenge.SIZE)));
            byte[] answer = stranger.hearToTheEnd();
            assertOneLine(words);
            return answer;
        }
    }

    private interface Forger {
        byte[] forge(byte[] opening, byte[] challenge);
    }

    private void assertOneLine(String... words) throws Exception {
        assertThat(log.next())
                .startsWith("link from /127.0.0.1:")
                .contains(" refused: ")
                .contains(words);
        assertThat(log.rest()).isEmpty();
        assertThat(harbor.hasAccepted()).isFalse();
        assertThat(harbor.dial(Harbor.config(), address).pipe().version()).isEqualTo(1);
        harbor.accepted();
    }

    @Test
    void garbage() throws Exception {
        turnedAway(
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                "the bytes 474554202f204854 do not begin a handshake",
                "something else talks to this port");
    }

    @Test
    void garbageOfOneByte_isEnough() throws Exception {
        turnedAway(new byte[] {0x16}, "the bytes 16 do not begin a handshake");
    }

    @Test
    void oversized() throws Exception {
        byte[] much = Arrays.copyOf(Stranger.opening(Kind.PEER), 1 << 20);

        turnedAway(much, "1024 bytes came where a handshake has 47", "something else talks here");
    }

    @Test
    void openingWithMoreBehindIt() throws Exception {
        byte[] opening = Stranger.opening(Kind.PEER);

        turnedAway(
                Stranger.joined(opening, new byte[10]),
                "57 bytes came where a handshake has 47",
                "something else talks here");
    }

    @Test
    void proofWithMoreBehindIt() throws Exception {
        turnedAwayAtTheProof(
                (opening, challenge) ->
                        Stranger.joined(Proof.ofDialler(Harbor.SECRET, opening, challenge), new byte[16]),
                "48 bytes came where a handshake has 32");
    }

    @Test
    void truncated() throws Exception {
        try (Stranger stranger = Stranger.dial(address)) {
            stranger.say(Arrays.copyOf(Stranger.opening(Kind.PEER), 20));
        }
        assertOneLine("it closed the connection after 20 bytes of the handshake");
    }

    @Test
    void silent() throws Exception {
        listen(Harbor.config().withHandshake(400, 256));
        try (Stranger stranger = Stranger.dial(address)) {
            assertThat(stranger.hearToTheEnd()).startsWith(Opening.MAGIC);
        }
        assertOneLine("silent for 400 ms", "is it a node of this cluster");
    }

    @Test
    void tooSlow() throws Exception {
        listen(Harbor.config().withHandshake(400, 256));
        try (Stranger stranger = Stranger.dial(address)) {
            stranger.say(Arrays.copyOf(Stranger.opening(Kind.PEER), 12));
            stranger.hearToTheEnd();
        }
        assertOneLine("too slow, 12 bytes for 400 ms");
    }

    @Test
    void tooSlowWithTheProof() throws Exception {
        listen(Harbor.config().withHandshake(400, 256));
        try (Stranger stranger = Stranger.dial(address)) {
            stranger.say(Stranger.opening(Kind.PEER));
            stranger.hear(Challenge.SIZE);
            stranger.say(new byte[31]);
            stranger.hearToTheEnd();
        }
        assertOneLine("too slow, 78 bytes for 400 ms");
    }

    @Test
    void otherCluster() throws Exception {
        byte[] opening = new Opening(Kind.PEER.code(), Harbor.VERSIONS, "staging", Proof.nonce()).bytes();

        byte[] answer = turnedAway(opening, "it belongs to cluster 'staging', this is 'tests'", "check the addresses");

        assertThat(Challenge.of(answer).answer()).isEqualTo(Answer.OTHER_CLUSTER);
        assertThat(Challenge.of(answer).nonce()).isEqualTo(Challenge.NO_NONCE);
    }

    @Test
    void disjointVersions_areNamed_bothRanges() throws Exception {
        byte[] opening = new Opening(Kind.PEER.code(), new Versions(4, 6), "tests", Proof.nonce()).bytes();

        byte[] answer =
                turnedAway(opening, "we speak versions 1..1, the other side 4..6; upgrade the older one step by step");

        assertThat(Challenge.of(answer).answer()).isEqualTo(Answer.VERSIONS_APART);
        assertThat(Challenge.of(answer).versions()).isEqualTo(Harbor.VERSIONS);
    }

    @Test
    void impossibleVersions() throws Exception {
        turnedAway(Stranger.changed(Stranger.opening(Kind.PEER), 8, 0), "versions are a range within 1..255, got 1..0");
    }

    @Test
    void unknownKind_andKindNotServed() throws Exception {
        turnedAway(
                Stranger.changed(Stranger.opening(Kind.PEER), 6, 99),
                "a connection of kind 99 was asked for, this port serves [PEER]");
        byte[] answer = turnedAway(Stranger.opening(Kind.STORE), "of kind STORE was asked for");

        assertThat(Challenge.of(answer).answer()).isEqualTo(Answer.KIND_UNKNOWN);
    }

    @Test
    void otherHandshake_otherSecurity_badName() throws Exception {
        byte[] opening = Stranger.opening(Kind.PEER);

        turnedAway(Stranger.changed(opening, 4, 9), "handshake version 9, this side has 1; upgrade the older");
        turnedAway(Stranger.changed(opening, 5, 1), "security 1 is asked for, this side has only 0");
        turnedAway(Stranger.changed(opening, 9, 0), "a cluster's name of 0 bytes, 1 to 63");
        turnedAway(Stranger.changed(opening, 9, 200), "a cluster's name of 200 bytes, 1 to 63");
        turnedAway(Stranger.changed(opening, 42, '\n'), "a cluster's name has other characters than");
    }

    @Test
    void otherSecret() throws Exception {
        byte[] answer = turnedAwayAtTheProof(
                (opening, challenge) ->
                        Proof.ofDialler(Harbor.secret("another secret, just as long"), opening, challenge),
                "it does not know the secret; give both ends the same secret file");

        assertThat(answer).hasSize(33).startsWith(Answer.OTHER_SECRET.code());
        assertThat(Arrays.copyOfRange(answer, 1, 33)).containsOnly(0);
    }

    @Test
    void proofOfAnotherRole_connection_orOpening() throws Exception {
        byte[] otherOpening = Stranger.opening(Kind.MASTER);
        byte[] otherChallenge = Stranger.challenge();

        turnedAwayAtTheProof((opening, challenge) -> Proof.ofListener(Harbor.SECRET, opening, challenge), "secret");
        turnedAwayAtTheProof((opening, _) -> Proof.ofDialler(Harbor.SECRET, opening, otherChallenge), "secret");
        turnedAwayAtTheProof((_, challenge) -> Proof.ofDialler(Harbor.SECRET, otherOpening, challenge), "secret");
    }

    @Test
    void everyBitOfTheProof_counts() throws Exception {
        for (int at = 0; at < Proof.SIZE; at += 31) {
            int index = at;
            turnedAwayAtTheProof(
                    (opening, challenge) -> {
                        byte[] proof = Proof.ofDialler(Harbor.SECRET, opening, challenge);
                        return Stranger.changed(proof, index, proof[index] ^ 0x80);
                    },
                    "secret");
        }
    }

    @Test
    void tooManyStrangers_theOldestGo_andAnHonestOneIsServed() throws Exception {
        harbor.close();
        try (Harbor small = new Harbor(Loops.start(1))) {
            InetSocketAddress door = small.listen(Harbor.config().withHandshake(60_000, 4));
            List<Stranger> strangers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                strangers.add(Stranger.dial(door));
            }
            for (Stranger oldest : strangers.subList(0, 6)) {
                Challenge answer = Challenge.of(oldest.hearToTheEnd());
                assertThat(answer.answer()).isEqualTo(Answer.BUSY);
                assertThat(log.next()).contains("more than 4 connections want to be authenticated at once");
            }

            assertThat(small.dial(Harbor.config(), door).pipe().isOpen()).isTrue();
            for (Stranger each : strangers) {
                each.close();
            }
        }
    }

    @Test
    void honestEndThatIsCutIntoBytes_isServed() throws Exception {
        try (Stranger stranger = Stranger.dial(address)) {
            byte[] opening = Stranger.opening(Kind.PEER);
            for (byte each : opening) {
                stranger.say(new byte[] {each});
            }
            byte[] challenge = stranger.hear(Challenge.SIZE);
            for (byte each : Proof.ofDialler(Harbor.SECRET, opening, challenge)) {
                stranger.say(new byte[] {each});
            }
            byte[] verdict = stranger.hear(33);

            assertThat(verdict).isEqualTo(Stranger.verdict(Proof.ofListener(Harbor.SECRET, opening, challenge)));
            assertThat(harbor.accepted().pipe().isOpen()).isTrue();
            assertThat(log.rest()).isEmpty();
        }
    }
}
