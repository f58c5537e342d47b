package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.Catalog;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.PacketException;
import dev.berth.poker.wire.PacketType;
import dev.berth.poker.wire.Packets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Bytes that are no packets, beside a hand that is under way, over real sockets: each type at each wrong length, oversized, unknown, broken terms, half frames. The
 * connection is closed without a word, and nobody else notices. Lengths are written here once more, from the protocol's description.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadPacketsTest {
    private static final int HEAD = 2;
    /** What clients say, and how long it is with its type; texts are empty. */
    private static final Map<Integer, Integer> LENGTHS = Map.ofEntries(
            Map.entry(1, 3),
            Map.entry(2, 1),
            Map.entry(3, 5),
            Map.entry(4, 5),
            Map.entry(6, 9),
            Map.entry(7, 9),
            Map.entry(8, 5),
            Map.entry(9, 10),
            Map.entry(10, 5),
            Map.entry(11, 5),
            Map.entry(12, 5),
            Map.entry(13, 6),
            Map.entry(37, 9),
            Map.entry(39, 5),
            Map.entry(40, 5),
            Map.entry(41, 12),
            Map.entry(42, 1),
            Map.entry(252, 2_048),
            Map.entry(254, 1));

    private HandUnderWay hand;

    @BeforeAll
    void start() throws Exception {
        hand = new HandUnderWay(new Parlor(2));
    }

    @AfterAll
    void stop() throws Exception {
        hand.goesOn();
        hand.close();
    }

    private static byte[] frame(int type, int length) {
        byte[] frame = new byte[HEAD + length];
        ByteBuffer.wrap(frame).putShort((short) length);
        if (length > 0) {
            frame[HEAD] = (byte) type;
        }
        return frame;
    }

    /** Each on a connection of its own. */
    private void areRefused(List<byte[]> all) throws IOException {
        List<Wired> open = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Wired wired = new Wired(hand.parlor.at(i % 2));
            open.add(wired);
            wired.says(all.get(i));
        }
        for (int i = 0; i < all.size(); i++) {
            try (Wired wired = open.get(i)) {
                wired.isClosed();
            } catch (AssertionError notClosed) {
                throw new AssertionError(Arrays.toString(all.get(i)), notClosed);
            }
        }
    }

    @Test
    void ofWrongLength_unknownOrAServers_isRefused() throws Exception {
        List<byte[]> all = new ArrayList<>();
        all.add(frame(0, 0));
        for (int type = 0; type < 256; type++) {
            int length = LENGTHS.getOrDefault(type, 0);
            for (int shorter = 1; shorter < Math.min(length, 16); shorter++) {
                all.add(frame(type, shorter));
            }
            if (type != 1) {
                all.add(frame(type, length == 2_048 ? length : length + 1));
            }
            all.add(Arrays.copyOf(frame(type, 2_049), HEAD + 1));
        }
        for (PacketType type : PacketType.values()) {
            if (!LENGTHS.containsKey(type.code())) {
                // As long as the server's own.
                IntStream.range(1, 26).forEach(length -> all.add(frame(type.code(), length)));
            }
        }
        areRefused(all);
        hand.isUnharmed();
    }

    @Test
    void ofAPlayer_endsTheConnection_andNotHim() throws Exception {
        for (int type : LENGTHS.keySet()) {
            try (Wired mallory = hand.login(type % 2, "mallory")) {
                mallory.says(frame(type, LENGTHS.getOrDefault(type, 0) == 1 ? 2 : LENGTHS.getOrDefault(type, 0) - 1));
                mallory.isClosed();
            }
        }
        for (long game : new long[] {0, 99, 0xffff_ffffL}) {
            for (Packet command : ofGame(game)) {
                for (Wired wired : List.of(new Wired(hand.parlor.at(0)), hand.login(1, "mallory"))) {
                    try (wired) {
                        wired.says(command);
                        wired.isClosed();
                    } catch (AssertionError notClosed) {
                        throw new AssertionError(command.toString(), notClosed);
                    }
                }
            }
        }
        hand.isUnharmed();
    }

    static List<Packet> ofGame(long game) {
        return List.of(
                new Packet.Watch(game),
                new Packet.Unwatch(game),
                new Packet.Call(game, 1_000),
                new Packet.Raise(game, 1_000),
                new Packet.Fold(game),
                new Packet.Join(game, 3, 1_000),
                new Packet.Leave(game),
                new Packet.SitOut(game),
                new Packet.ComeBack(game),
                new Packet.Chat(game, "hello"),
                new Packet.SeatQuery(game));
    }

    @Test
    void termsThatLie_areRefused_andMakeNoGame() throws Exception {
        byte[] good = Packets.encode(new Packet.MakeTestGame(
                        2, 2, 1_000, 2_000, 60_000, 60_000, Bytes.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9})))
                .toArray();
        List<byte[]> bodies = new ArrayList<>();
        for (int length = 1; length < good.length; length++) {
            bodies.add(Arrays.copyOf(good, length));
        }
        bodies.add(Arrays.copyOf(good, good.length + 1));
        // Tags and lengths, each as large as can be: tuples of 255, lists of four billion, atoms of 65,535 letters.
        for (int at = 1; at < good.length; at++) {
            byte[] lies = good.clone();
            lies[at] = (byte) 0xff;
            bodies.add(lies);
        }
        for (int at = 1; at + 4 <= good.length; at++) {
            if (good[at] == 108) {
                byte[] lies = good.clone();
                ByteBuffer.wrap(lies).putInt(at + 1, -1);
                bodies.add(lies);
            }
        }
        bodies.removeIf(BadPacketsTest::isPlayable);
        long games = games();
        areRefused(bodies.stream().map(BadPacketsTest::framed).toList());
        assertThat(bodies).hasSizeGreaterThan(good.length);
        assertThat(games()).isEqualTo(games);
        hand.isUnharmed();
    }

    /** A time of 255 ms in place of another one is no lie. */
    private static boolean isPlayable(byte[] body) {
        try {
            return Packets.command(Bytes.wrap(body)) instanceof Packet.MakeTestGame;
        } catch (PacketException lie) {
            return false;
        }
    }

    private static byte[] framed(byte[] body) {
        return ByteBuffer.allocate(HEAD + body.length)
                .putShort((short) body.length)
                .put(body)
                .array();
    }

    private long games() {
        return IntStream.range(0, Catalog.SHELVES)
                .mapToLong(shelf -> hand.parlor
                        .app
                        .agent(hand.parlor.node(), Catalog.class, shelf)
                        .all()
                        .size())
                .sum();
    }

    @Test
    void outsideTestMode_aTestGameIsIgnored() throws Exception {
        long games = games();
        try (PokerServer strict = hand.parlor.open(hand.parlor.node(), false);
                Wired wired = new Wired(strict.address())) {
            wired.says(
                    new Packet.MakeTestGame(2, 2, 1_000, 2_000, 60_000, 60_000, Bytes.wrap(new byte[] {1, 2, 3, 4})));
            assertThat(hand.told(wired)).isEmpty();
        }
        assertThat(games()).isEqualTo(games);
    }

    @Test
    void halfAFrame_singleBytes_andWhoNeverReads_holdNobodyUp() throws Exception {
        try (Wired half = new Wired(hand.parlor.at(0));
                Wired slow = new Wired(hand.parlor.at(1));
                Wired deaf = hand.login(0, "mallory")) {
            half.says("000b 01 0561");
            for (byte each :
                    framed(Packets.encode(new Packet.Login("eve", "foo")).toArray())) {
                slow.says(new byte[] {each});
            }
            slow.hears("0005 23 %08x".formatted(hand.number("eve")));
            byte[] asks = framed(Packets.encode(new Packet.SeatQuery(hand.game)).toArray());
            // Less than a socket takes without being read from at the other end: this thread must not wait.
            for (int i = 0; i < 2_000; i++) {
                deaf.says(asks);
            }
            hand.isUnharmed();
            half.says("6c696365 03 666f6f");
            half.hears("0003 fa 01 01");
        }
    }

    /** What comes by chance: an answer or the end, and nothing else. */
    @Test
    void noise_isRefused_orMeansNothing() throws Exception {
        SplittableRandom dice = new SplittableRandom(98);
        List<Integer> types = LENGTHS.keySet().stream().sorted().toList();
        List<Wired> open = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Wired wired = new Wired(hand.parlor.at(i % 2));
            open.add(wired);
            for (int packet = 0; packet < 5; packet++) {
                int type = types.get(dice.nextInt(types.size()));
                byte[] body = new byte
                        [dice.nextInt(10) == 0 ? 1 + dice.nextInt(40) : Math.min(64, LENGTHS.getOrDefault(type, 0))];
                dice.nextBytes(body);
                body[0] = (byte) type;
                if (body.length >= 5 && dice.nextBoolean()) {
                    ByteBuffer.wrap(body).putInt(1, (int) (dice.nextBoolean() ? hand.game : hand.lounge));
                }
                try {
                    wired.says(framed(body));
                } catch (IOException closed) {
                    break;
                }
            }
        }
        for (Wired each : open) {
            each.close();
        }
        hand.isUnharmed();
    }
}
