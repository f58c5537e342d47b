package dev.berth.poker.bot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

// One regular over real sockets, whose server is lost in the middle of a hand: it comes back by the gateway, logs in,
// hears the history again, and says what is not in it any more.
class CrowdTest {
    private static final List<String> UNTIL_THE_LOSS = List.of(
            "gateway",
            "a > 000b 01 05616c696365 03666f6f",
            "a < 0005 23 00000001",
            "a > 0001 2a",
            "a < 0009 2b 000186a0 00000000",
            "a > 0005 03 00000001",
            "a > 000a 09 00000001 01 0000c350",
            "a < 000c 15 00000001 00000001 01 0002",
            "a < 000e 17 00000001 00000000 0000 02 676f",
            "a < 0007 18 00000001 0001",
            "a < 0011 11 00000001 000001f4 00000000 00000000",
            "a > 0009 06 00000001 000001f4",
            "a < 000f 1b 00000001 00000001 000001f4 0002",
            "a < 0009 14 00000001 01 01 0003",
            "a < 0009 14 00000001 06 02 0004",
            "a < 0009 14 00000001 08 03 0005",
            "a !",
            "gateway",
            "b > 000b 01 05616c696365 03666f6f",
            "b < 0005 23 00000001",
            "b < 000e 17 00000001 00000000 0000 02 676f",
            "b < 0007 18 00000001 0001");
    private static final List<String> BOARD = List.of(
            "b < 0009 14 00000001 01 01 0003", "b < 0009 14 00000001 06 02 0004", "b < 0009 14 00000001 08 03 0005");
    private static final List<String> END = List.of("b < 0007 19 00000001 0006", "b > 0005 0a 00000001", "b > 0001 2a");

    @Test
    void lostServer_isReplaced_andTheHistoryIsWhole() throws Exception {
        Tally tally = played("b < 000f 1b 00000001 00000001 000001f4 0002");

        assertThat(tally.findings()).isEmpty();
        assertThat(tally.reconnects()).isEqualTo(1);
        assertThat(tally.longestGapMillis()).isPositive();
        assertThat(tally.handsHeard()).isEqualTo(1);
        assertThat(tally.actions()).isEqualTo(1);
    }

    @Test
    void actionThatTheNextServerDoesNotKnow_isFound() throws Exception {
        Tally tally = played("b < 000f 1b 00000001 00000002 000001f4 0002");

        assertThat(tally.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.LOST_ACTION);
        assertThat(tally.count(Finding.Kind.LOST_ACTION)).isEqualTo(1);
    }

    private static Tally played(String blindAgain) throws Exception {
        List<String> lines = new ArrayList<>(UNTIL_THE_LOSS);
        lines.add(blindAgain);
        lines.addAll(BOARD);
        lines.addAll(END);
        try (Playback server = new Playback(lines);
                Crowd crowd =
                        Crowd.open(List.of(server.gateway()), List.of(new Regular("alice", "foo", 1, 1, 50_000, 1)))) {
            server.end();
            return crowd.tally();
        }
    }
}
