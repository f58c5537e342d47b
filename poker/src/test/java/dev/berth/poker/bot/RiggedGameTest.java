package dev.berth.poker.bot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

// The hand of the protocol's section 8, byte for byte, from the side of the clients: a server that says what is written
// there, and
// hears what is written there. Then the same with one thing that is wrong, of which the original clients die.
class RiggedGameTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> HAND = hand();
    private static final String END = "0007 19 00000001 001e";

    private static List<String> hand() {
        try (var in = Objects.requireNonNull(RiggedGameTest.class.getResourceAsStream("hand.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static RiggedHand rigged(long winOfSeat1) {
        return KnownHand.of("alice", "bob", winOfSeat1);
    }

    @Test
    void handOfTheProtocol_isPlayed() throws Exception {
        try (Playback server = new Playback(HAND)) {
            RiggedResult result = RiggedGame.play(server.gateway(), rigged(8_000), PATIENCE);

            assertThat(result.failures()).isEmpty();
            assertThat(result.game()).isEqualTo(1);
            assertThat(result.winners()).containsExactly(Map.entry(1, 8_000L));
            server.end();
        }
    }

    @Test
    void winThatDiffersByTwoUnits_fails_byLessPasses() throws Exception {
        assertThat(played(HAND, rigged(8_199)).passed()).isTrue();
        assertThat(played(HAND, rigged(7_801)).passed()).isTrue();
        assertThat(played(HAND, rigged(8_200)).failures()).containsExactly("seat 1 won 8000 cents, expected 8200");
    }

    @Test
    void otherWinners_fail() throws Exception {
        RiggedHand other = new RiggedHand(
                2, 1000, 2000, 1000, 15_000, rigged(0).cards(), rigged(0).players(), new TreeMap<>(Map.of(2, 8_000L)));

        assertThat(played(HAND, other).failures())
                .containsExactly("seat 2 won null cents, expected 8000", "seat 1 won 8000 cents, expected nothing");
    }

    @Test
    void oneRequestTooMany_fails() throws Exception {
        assertThat(failure(before("all < 000f 1a", "1 < 0011 11 00000001 00000000 000007d0 000007d0")))
                .startsWith("seat 1: one BET_REQ too many after 6: BetReq[");
    }

    @Test
    void requestBeforeTheOwnJoin_fails() throws Exception {
        assertThat(failure(before("1 > 000a 09", "1 < 0011 11 00000001 000001f4 00000000 00000000")))
                .startsWith("seat 1: asked before its own NOTIFY_JOIN");
        assertThat(failure(before("1 > 000b 01", "1 < 0011 11 00000001 000001f4 00000000 00000000")))
                .startsWith("seat 1: asked before PID");
    }

    @Test
    void secondJoin_fails() throws Exception {
        assertThat(failure(before("all < 000f 1a", "observer < 000c 15 00000001 00000001 01 001d")))
                .startsWith("observer: a second NOTIFY_JOIN: ");
    }

    @Test
    void winnerWhoNeverJoined_orWinsTwice_fails() throws Exception {
        assertThat(failure(before("all < 000f 1a", "observer < 000f 1a 00000001 00000003 00001f40 001d")))
                .startsWith("observer: a winner who was not seen joining: ");
        assertThat(failure(before("all < " + END, "observer < 000f 1a 00000001 00000001 00001f40 001e")))
                .startsWith("observer: a second NOTIFY_WIN of seat 1: ");
    }

    @Test
    void missingBroadcast_fails() throws Exception {
        List<String> lines = new ArrayList<>(HAND);
        lines.removeIf(line -> line.startsWith("all < 0008 20 00000001 02"));

        assertThat(failure(lines)).startsWith("observer: Seq 18 after 16: ");
    }

    @Test
    void packetsThatClientsCannotRead_fail_unknownTypesDoNot() throws Exception {
        assertThat(failure(before("all < 000f 1a", "1 < 0401")))
                .isEqualTo("seat 1: a packet of 1025 bytes, clients read 1024");
        assertThat(failure(before("all < 000f 1a", "2 < 0008 19 00000001 001d 00")))
                .startsWith("seat 2: NOTIFY_END_GAME (type 25), 8 bytes: expected 7 bytes");
        assertThat(failure(before("all < 000f 1a", "observer < 0012 0e 00000001 01 0a 04 00 02 000003e8 000007d0")))
                .startsWith("observer: a limit that clients do not know: ");
        assertThat(played(before("all < 000f 1a", "all < 0003 05 0102"), rigged(8_000))
                        .passed())
                .isTrue();
    }

    @Test
    void connectionLost_fails() throws Exception {
        assertThat(failure(before("all < 000f 1a", "2 !"))).isEqualTo("seat 2: closed before the hand was over");
    }

    @Test
    void refusedLogin_fails() throws Exception {
        List<String> lines = new ArrayList<>(HAND.subList(0, HAND.indexOf("2 < 0005 23 00000002")));
        lines.add("2 < 0003 fa 01 01");

        assertThat(failure(lines)).isEqualTo("seat 2: cannot log in: Bad[command=1, error=1]");
    }

    @Test
    void serverOutOfTestMode_fails() throws Exception {
        List<String> lines = List.of("gateway", "maker > *", "maker !");

        assertThat(failure(lines)).contains("closed instead of an answer to MAKE_TEST_GAME");
    }

    @Test
    void gatewayWithoutServers_fails() throws Exception {
        try (ServerSocket gateway = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try {
                    gateway.accept().close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            var address = new InetSocketAddress(gateway.getInetAddress(), gateway.getLocalPort());

            assertThat(RiggedGame.play(address, rigged(0), PATIENCE).failures())
                    .singleElement()
                    .asString()
                    .contains("knows no server with room");
        }
    }

    @Test
    void handThatDoesNotEnd_failsWhenPatienceEnds() throws Exception {
        List<String> lines = HAND.subList(0, HAND.indexOf("all < " + END));

        try (Playback server = new Playback(lines)) {
            assertThat(RiggedGame.play(server.gateway(), rigged(8_000), Duration.ofMillis(300))
                            .failures())
                    .singleElement()
                    .asString()
                    .endsWith(": not done after PT0.3S");
        }
    }

    @Test
    void playback_noticesWhatIsNotAsWritten() throws Exception {
        List<String> lines = new ArrayList<>(HAND);
        lines.replaceAll(line -> line.equals("1 > 0009 06 00000001 000001f4") ? "1 > 0009 06 00000001 000001f5" : line);

        try (Playback server = new Playback(lines)) {
            RiggedGame.play(server.gateway(), rigged(8_000), PATIENCE);
            assertThatThrownBy(server::end)
                    .cause()
                    .cause()
                    .hasMessage("expected 0009 06 00000001 000001f5, got 00090600000001000001f4");
        }
    }

    /** This line before the first one that begins so; the rest is never said. */
    private static List<String> before(String beginning, String line) {
        List<String> lines = new ArrayList<>();
        for (String each : HAND) {
            if (each.startsWith(beginning)) {
                lines.add(line);
                if (line.equals("all < 0003 05 0102")) {
                    lines.addAll(HAND.subList(HAND.indexOf(each), HAND.size()));
                }
                return lines;
            }
            lines.add(each);
        }
        throw new AssertionError(beginning);
    }

    private static String failure(List<String> lines) throws Exception {
        List<String> failures = played(lines, rigged(8_000)).failures();
        assertThat(failures).hasSize(1);
        return failures.getFirst();
    }

    private static RiggedResult played(List<String> lines, RiggedHand hand) throws Exception {
        try (Playback server = new Playback(lines)) {
            return RiggedGame.play(server.gateway(), hand, PATIENCE);
        }
    }
}
