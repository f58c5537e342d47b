package dev.berth.poker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.berth.core.wire.Bytes;
import org.junit.jupiter.api.Test;

// Packet 252: the spellings of atoms and numbers that Erlang has had, and terms that are hostile: lengths of four
// billion,
// nests without end, tags that mean something else.
class TestGameTermTest {
    private static final String HEAD = "fc 83 6806 6102 6102 6803 6101 610a 6114 62000003e8 6200003a98";
    private static final String ACE = "6802 7703616365 7706737061646573";

    @Test
    void exampleOfTheProtocol_isRead_andWrittenTheSame() throws PacketException {
        Bytes bytes = Hex.bytes(PacketsTest.TEST_GAME);

        assertThat(bytes.length()).isEqualTo(0xc5);
        assertThat(Packets.command(bytes)).isEqualTo(PacketsTest.MAKE_TEST_GAME);
        assertThat(Packets.encode(PacketsTest.MAKE_TEST_GAME)).isEqualTo(bytes);
    }

    @Test
    void atomsOfEveryRelease_areTheSameCards() throws PacketException {
        String ranks = "6802 %s 7706737061646573".formatted("640003616365")
                + "6802 %s 7706737061646573".formatted("7303616365")
                + "6802 %s 7706737061646573".formatted("760003616365")
                + "6802 %s 7706737061646573".formatted("7703616365");

        assertThat(game(HEAD + "6c00000004" + ranks + "6a").cards()).isEqualTo(Cards.of("As As As As"));
    }

    @Test
    void numbers_mayBeFloats() throws PacketException {
        String low = "463fe0000000000000"; // 0.5
        String high = "463fe28f5c28f5c28f"; // 0.58, of which a hundred is 57.99 in floats
        String two = "464000000000000000";
        Packet.MakeTestGame game = game("fc 83 6806 6102" + two + "6803 6101" + low + high
                + "61 01 62 00003a98 6c00000004" + ACE.repeat(4) + "6a");

        assertThat(game.players()).isEqualTo(2);
        assertThat(game.lowLimit()).isEqualTo(50);
        assertThat(game.highLimit()).isEqualTo(58);
        assertThat(game.startDelayMillis()).isEqualTo(1);
    }

    @Test
    void lengthsThatLie_costNothing() {
        assertRefused(HEAD + "6c ffffffff" + ACE, "at most 52 cards, got 4294967295");
        assertRefused(HEAD + "6c 00000035" + ACE.repeat(53) + "6a", "at most 52 cards, got 53");
        assertRefused(
                HEAD + "6c 00000004" + ACE.repeat(3) + "6802 64ffff 616365", "a rank, got an atom of 65535 letters");
        assertRefused("fc 83 69 7fffffff", "got tag 105");
        assertRefused("fc 83 6d ffffffff", "got tag 109");
        assertRefused("fc 83 6806 6102 6f ffffffff 00", "Players, got tag 111");
    }

    @Test
    void tagsOutsideOfTheProtocol_areRefused() {
        assertRefused("fc 82 6806", "131, the version");
        assertRefused("fc 83 50 000000ff 789c", "got tag 80"); // compressed
        assertRefused("fc 83 83 6806", "got tag 131");
        assertRefused(HEAD + "6b 0004 01020304", "a list of cards, got tag 107");
        assertRefused(HEAD + "6c 00000004" + ACE.repeat(4) + "6c", "a list that ends with the empty one, got tag 108");
        assertRefused(HEAD + "6c 00000001 6802 6101 6101", "a rank, got tag 97");
        assertRefused(HEAD + "6c 00000001 6803 6101 6101", "{Rank, Suit}, got a tuple of 3");
        assertRefused(HEAD + "6c 00000001" + "6801".repeat(500), "{Rank, Suit}, got a tuple of 1");
        assertRefused("fc 83" + "6801".repeat(1000), "got a tuple of 1");
        assertRefused(HEAD + "6c 00000001 6802 77056a6f6b6572", "a rank, got an atom of 5 letters");
    }

    @Test
    void gamesThatCannotBePlayed_areRefused() {
        String rest = "6803 6101 610a 6114 62000003e8 6200003a98 6c00000004" + ACE.repeat(4) + "6a";
        assertRefused("fc 83 6806 6103 6102" + rest, "GameType 1..2, got 3.0");
        assertRefused("fc 83 6806 6102 6101" + rest, "Players 2..23, got 1.0");
        assertRefused("fc 83 6806 6102 6118" + rest, "Players 2..23, got 24.0");
        assertRefused("fc 83 6806 6102 6103" + rest, "two cards for each of 3 players, got 4");
        assertRefused(HEAD + "6a", "two cards for each of 2 players, got 0");
        assertRefused(HEAD + "6c00000004" + ACE.repeat(4) + "6a 00", "nothing behind the term, got 1 bytes");
        assertRefused("fc 83 6806 6102 6102 6803 6102", "LimitType 1..1, got 2.0");
        assertRefused("fc 83 6806 6102 6102 6803 6101 62ffffffff", "Low from 2 cents to 42949672 units, got -1.0");
        assertRefused("fc 83 6806 6102 6102 6803 6101 467ff8000000000000", "got NaN");
        assertRefused("fc 83 6806 6102 6102 6803 6101 467fefffffffffffff", "Low from 2 cents to 42949672 units");
        assertRefused("fc 83 6806 6102 6102 6803 6101 6114 610a", "High from 2000 cents");
        assertRefused(
                "fc 83 6806 6102 6102 6803 6101 610a 6114 6100", "StartDelay in milliseconds 1..86400000, got 0.0");
        assertRefused("fc 83 6806 6102 463ff8000000000000", "Players 2..23, got 1.5");
    }

    private static Packet.MakeTestGame game(String hex) throws PacketException {
        return (Packet.MakeTestGame) Packets.command(Hex.bytes(hex));
    }

    private static void assertRefused(String hex, String why) {
        Bytes bytes = Hex.bytes(hex);
        assertThat(catchThrowableOfType(PacketException.class, () -> Packets.command(bytes)))
                .as(hex)
                .hasMessageStartingWith("MAKE_TEST_GAME (type 252), " + bytes.length() + " bytes: expected ")
                .hasMessageContaining(why);
    }
}
