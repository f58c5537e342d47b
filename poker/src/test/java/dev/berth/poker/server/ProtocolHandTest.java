package dev.berth.poker.server;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The hand of the protocol's description, byte for byte: two players and an observer at two servers, over real sockets. What each of them hears is
 * compared as a whole, in order.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ProtocolHandTest {
    private static final String MAKE =
            "fc83 6806 6102 6102 6803 6101 610a 6114 62000003e8 6200003a98 6c00000009" + cards() + "6a";

    private Parlor parlor;

    @BeforeEach
    void start() throws Exception {
        parlor = new Parlor(2);
        parlor.enroll("alice", "foo", 100_000);
        parlor.enroll("bob", "foo", 100_000);
    }

    @AfterEach
    void stop() {
        parlor.close();
    }

    private static String cards() {
        StringBuilder hex = new StringBuilder();
        for (String card : List.of(
                "ace spades",
                "king diamonds",
                "ace hearts",
                "king clubs",
                "two clubs",
                "seven diamonds",
                "nine hearts",
                "jack spades",
                "three diamonds")) {
            int blank = card.indexOf(' ');
            hex.append("6802").append(atom(card.substring(0, blank))).append(atom(card.substring(blank + 1)));
        }
        return hex.toString();
    }

    private static String atom(String word) {
        StringBuilder hex = new StringBuilder("64%04x".formatted(word.length()));
        word.chars().forEach(letter -> hex.append("%02x".formatted(letter)));
        return hex.toString();
    }

    private static String framed(String body) {
        String plain = body.replace(" ", "");
        return "%04x".formatted(plain.length() / 2) + plain;
    }

    @Test
    void isAsItWasIn2008() throws Exception {
        try (Wired maker = new Wired(parlor.at(0));
                Wired observer = new Wired(parlor.at(1));
                Wired alice = new Wired(parlor.at(0));
                Wired bob = new Wired(parlor.at(1))) {
            maker.says(framed(MAKE));
            maker.hears("0006 00 fc 00000001");
            alice.says("000b 01 05616c696365 03666f6f");
            alice.hears("0005 23 00000001");
            bob.says("0009 01 03626f62 03666f6f");
            bob.hears("0005 23 00000002");
            for (Wired each : List.of(observer, alice, bob)) {
                each.says("0005 03 00000001");
            }
            for (Wired each : List.of(observer, alice, bob)) {
                each.hearsChat("0000");
                each.hears("0007 26 00000001 0001");
            }
            plays(alice, bob, observer);
        }
    }

    private void plays(Wired alice, Wired bob, Wired observer) throws Exception {
        List<Wired> all = List.of(observer, alice, bob);
        alice.says("000a 09 00000001 01 0000c350");
        hear(all, "000c 15 00000001 00000001 01 0002");
        bob.says("000a 09 00000001 02 0000c350");
        hear(all, "000c 15 00000001 00000002 02 0003");
        for (Wired each : all) {
            each.hearsChat("0000");
        }
        hear(all, "0007 18 00000001 0001", "0008 22 00000001 02 0002");
        alice.hears("0011 11 00000001 000001f4 00000000 00000000");
        alice.says("0009 06 00000001 000001f4");
        bob.hears("0011 11 00000001 000003e8 00000000 00000000");
        bob.says("0009 06 00000001 000003e8");
        hear(
                all,
                "0008 2c 00000001 01 0003",
                "0008 2d 00000001 02 0004",
                "000f 1b 00000001 00000001 000001f4 0005",
                "000f 1b 00000001 00000002 000003e8 0006");
        alice.hears("0009 12 00000001 0d 04 0007");
        hear(all, "000b 13 00000001 00000001 0007");
        bob.hears("0009 12 00000001 0c 02 0008");
        hear(all, "000b 13 00000001 00000002 0008");
        alice.hears("0009 12 00000001 0d 03 0009");
        hear(all, "000b 13 00000001 00000001 0009");
        bob.hears("0009 12 00000001 0c 01 000a");
        hear(all, "000b 13 00000001 00000002 000a", "0008 20 00000001 01 000b");
        alice.hears("0011 11 00000001 000001f4 000003e8 000003e8");
        alice.says("0009 06 00000001 000001f4");
        hear(all, "000f 1e 00000001 00000001 000001f4 000c");
        asked(bob, "00000000", "000003e8");
        bob.says("0009 06 00000001 00000000");
        hear(
                all,
                "000f 1e 00000001 00000002 00000000 000d",
                "0009 14 00000001 01 01 000e",
                "0009 14 00000001 06 02 000f",
                "0009 14 00000001 08 03 0010",
                "0008 20 00000001 02 0011");
        asked(alice, "00000000", "000003e8");
        alice.says("0009 07 00000001 000003e8");
        hear(all, "000f 1d 00000001 00000001 000003e8 0012");
        asked(bob, "000003e8", "000003e8");
        bob.says("0009 06 00000001 000003e8");
        hear(all, "000f 1e 00000001 00000002 000003e8 0013", "0009 14 00000001 0a 04 0014", "0008 20 00000001 03 0015");
        ends(alice, bob, observer);
    }

    private void ends(Wired alice, Wired bob, Wired observer) throws Exception {
        List<Wired> all = List.of(observer, alice, bob);
        asked(alice, "00000000", "000007d0");
        alice.says("0009 06 00000001 00000000");
        hear(all, "000f 1e 00000001 00000001 00000000 0016");
        asked(bob, "00000000", "000007d0");
        bob.says("0009 06 00000001 00000000");
        hear(all, "000f 1e 00000001 00000002 00000000 0017", "0009 14 00000001 02 02 0018", "0008 20 00000001 04 0019");
        asked(alice, "00000000", "000007d0");
        alice.says("0009 06 00000001 00000000");
        hear(all, "000f 1e 00000001 00000001 00000000 001a");
        asked(bob, "00000000", "000007d0");
        bob.says("0009 07 00000001 000007d0");
        hear(all, "000f 1d 00000001 00000002 000007d0 001b");
        asked(alice, "000007d0", "000007d0");
        alice.says("0009 06 00000001 000007d0");
        hear(
                all,
                "000f 1e 00000001 00000001 000007d0 001c",
                "000f 1a 00000001 00000001 00001f40 001d",
                "0007 19 00000001 001e");
        alice.says("0005 0a 00000001");
        alice.says("0001 02");
        hear(List.of(observer, bob), "000b 16 00000001 00000001 001f");
        alice.hears("0006 00 02 00000000");
    }

    private static void asked(Wired whom, String call, String raise) throws Exception {
        whom.hears("0011 11 00000001 " + call + raise + raise);
    }

    private static void hear(List<Wired> all, String... frames) throws Exception {
        for (Wired each : all) {
            each.hears(frames);
        }
    }
}
