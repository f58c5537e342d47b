package dev.berth.poker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.rules.Card;
import dev.berth.poker.wire.Packet.Command;
import dev.berth.poker.wire.Packet.Notice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

// One packet of each type against its bytes, those of the protocol's own example among them; each of them cut short at
// every length and made longer; and what is no packet at all. The bytes were written by hand from the protocol, not by
// the code.
class PacketsTest {
    private static final String NINE_CARDS = "6802 640003616365 640006737061646573" // ace of spades
            + "6802 6400046b696e67 6400086469616d6f6e6473"
            + "6802 640003616365 640006686561727473"
            + "6802 6400046b696e67 640005636c756273"
            + "6802 64000374776f 640005636c756273"
            + "6802 640005736576656e 6400086469616d6f6e6473"
            + "6802 6400046e696e65 640006686561727473"
            + "6802 6400046a61636b 640006737061646573"
            + "6802 6400057468726565 6400086469616d6f6e6473";
    static final String TEST_GAME =
            "fc 83 6806 6102 6102 6803 6101 610a 6114 62000003e8 62 00003a98 6c 00000009" + NINE_CARDS + "6a";
    static final Packet.MakeTestGame MAKE_TEST_GAME =
            new Packet.MakeTestGame(2, 2, 1000, 2000, 1000, 15_000, Cards.of("As Kd Ah Kc 2c 7d 9h Js 3d"));

    private static final Map<Packet, String> COMMANDS = new LinkedHashMap<>();
    private static final Map<Packet, String> NOTICES = new LinkedHashMap<>();

    static {
        COMMANDS.put(new Packet.Login("alice", "foo"), "01 05616c696365 03666f6f");
        COMMANDS.put(new Packet.Logout(), "02");
        COMMANDS.put(new Packet.Watch(1), "03 00000001");
        COMMANDS.put(new Packet.Unwatch(0xffff_ffffL), "04 ffffffff");
        COMMANDS.put(new Packet.Call(1, 500), "06 00000001 000001f4");
        COMMANDS.put(new Packet.Raise(1, 1000), "07 00000001 000003e8");
        COMMANDS.put(new Packet.Fold(0x01020304), "08 01020304");
        COMMANDS.put(new Packet.Join(1, 2, 50_000), "09 00000001 02 0000c350");
        COMMANDS.put(new Packet.Leave(1), "0a 00000001");
        COMMANDS.put(new Packet.SitOut(2), "0b 00000002");
        COMMANDS.put(new Packet.ComeBack(3), "0c 00000003");
        COMMANDS.put(new Packet.Chat(4, "hé"), "0d 00000004 02 68e9");
        COMMANDS.put(new Packet.GameQuery(1, 1, 2, 10, 3, 0, 0, 5), "25 01 01 02 0a 03 00 00 05");
        COMMANDS.put(new Packet.SeatQuery(1), "27 00000001");
        COMMANDS.put(new Packet.PlayerInfoReq(7), "28 00000007");
        COMMANDS.put(new Packet.NewGameReq(1, 10, 1, 1000, 2000), "29 01 0a 01 000003e8 000007d0");
        COMMANDS.put(new Packet.BalanceReq(), "2a");
        COMMANDS.put(MAKE_TEST_GAME, TEST_GAME);
        COMMANDS.put(new Packet.Ping(), "fe");

        NOTICES.put(new Packet.Good(252, 1), "00 fc 00000001");
        NOTICES.put(new Packet.GameInfo(1, 1, 10, 4, 0, 1, 1000, 2000), "0e 00000001 01 0a 04 00 01 000003e8 000007d0");
        NOTICES.put(new Packet.PlayerInfo(1, 50_000, "alice", ""), "0f 00000001 0000c350 05616c696365 00");
        NOTICES.put(new Packet.BetReq(1, 500, 0, 0), "11 00000001 000001f4 00000000 00000000");
        NOTICES.put(new Packet.NotifyDraw(1, Card.of(13, 4), 7), "12 00000001 0d 04 0007");
        NOTICES.put(new Packet.NotifyPrivate(1, 1, 7), "13 00000001 00000001 0007");
        NOTICES.put(new Packet.NotifyShared(1, Card.of(1, 1), 14), "14 00000001 01 01 000e");
        NOTICES.put(new Packet.NotifyJoin(1, 1, 1, 2), "15 00000001 00000001 01 0002");
        NOTICES.put(new Packet.NotifyLeave(1, 1, 31), "16 00000001 00000001 001f");
        NOTICES.put(new Packet.NotifyChat(1, 0, 0, "hi"), "17 00000001 00000000 0000 02 6869");
        NOTICES.put(new Packet.NotifyStartGame(1, 1), "18 00000001 0001");
        NOTICES.put(new Packet.NotifyEndGame(1, 30), "19 00000001 001e");
        NOTICES.put(new Packet.NotifyWin(1, 1, 8000, 29), "1a 00000001 00000001 00001f40 001d");
        NOTICES.put(new Packet.NotifyBet(1, 1, 500, 5), "1b 00000001 00000001 000001f4 0005");
        NOTICES.put(new Packet.NotifyRaise(1, 1, 1000, 18), "1d 00000001 00000001 000003e8 0012");
        NOTICES.put(new Packet.NotifyCall(1, 1, 500, 12), "1e 00000001 00000001 000001f4 000c");
        NOTICES.put(new Packet.PlayerState(1, 2, 32, 65_535), "1f 00000001 00000002 20 ffff");
        NOTICES.put(new Packet.GameStage(1, 1, 11), "20 00000001 01 000b");
        NOTICES.put(new Packet.SeatState(1, 3, 2, 9), "21 00000001 03 02 00000009");
        NOTICES.put(new Packet.NotifyButton(1, 2, 2), "22 00000001 02 0002");
        NOTICES.put(new Packet.Pid(1), "23 00000001");
        NOTICES.put(new Packet.Handoff(7000, "127.0.0.1"), "24 1b58 09 3132372e302e302e31");
        NOTICES.put(new Packet.NotifyCancelGame(1, 1), "26 00000001 0001");
        NOTICES.put(new Packet.BalanceInfo(100_000, 50_000), "2b 000186a0 0000c350");
        NOTICES.put(new Packet.NotifySb(1, 1, 3), "2c 00000001 01 0003");
        NOTICES.put(new Packet.NotifyBb(1, 2, 4), "2d 00000001 02 0004");
        NOTICES.put(new Packet.Bad(1, Packet.Bad.ACCOUNT_DISABLED), "fa 01 02");
        NOTICES.put(new Packet.Pong(), "fd");
    }

    @Test
    void everyType_hasTheBytesOfTheProtocol() throws PacketException {
        var types = new TreeSet<Integer>();
        for (var each : COMMANDS.entrySet()) {
            Bytes bytes = Hex.bytes(each.getValue());
            assertThat(Packets.encode(each.getKey())).as(each.getValue()).isEqualTo(bytes);
            assertThat(Packets.command(bytes)).isEqualTo(each.getKey());
            types.add(bytes.at(0) & 0xff);
        }
        for (var each : NOTICES.entrySet()) {
            Bytes bytes = Hex.bytes(each.getValue());
            assertThat(Packets.encode(each.getKey())).as(each.getValue()).isEqualTo(bytes);
            assertThat(Packets.notice(bytes)).isEqualTo(each.getKey());
            types.add(bytes.at(0) & 0xff);
        }
        assertThat(types)
                .containsExactlyElementsOf(Arrays.stream(PacketType.values())
                        .map(PacketType::code)
                        .sorted()
                        .toList());
    }

    @Test
    void packet_cutShortAnywhere_isRefused() {
        everyPacket().forEach(bytes -> {
            for (int length = 0; length < bytes.length(); length++) {
                refused(Bytes.wrap(Arrays.copyOf(bytes.toArray(), length)));
            }
        });
    }

    @Test
    void packet_withAByteTooMany_isRefused_exceptLogin() throws PacketException {
        everyPacket().filter(bytes -> bytes.at(0) != 1).forEach(bytes -> refused(longer(bytes)));

        assertThat(Packets.command(Hex.bytes("01 0161 0162 ffff"))).isEqualTo(new Packet.Login("a", "b"));
    }

    @Test
    void typesOutsideOfTheProtocol_areRefused() {
        for (int type : new int[] {5, 16, 28, 46, 100, 249, 251, 255}) {
            assertThat(refused(Bytes.wrap(new byte[] {(byte) type, 0, 0})))
                    .hasMessage("type %d, 3 bytes: expected a type of the protocol".formatted(type));
        }
        assertThat(refused(Bytes.EMPTY)).hasMessage("a packet of 0 bytes: expected a type");
    }

    @Test
    void packetOfTheOtherSide_isRefused() {
        NOTICES.values()
                .forEach(hex -> assertThatThrownBy(() -> Packets.command(Hex.bytes(hex)))
                        .isInstanceOf(PacketException.class)
                        .hasMessageContaining("expected a packet that a client says"));
        COMMANDS.values()
                .forEach(hex -> assertThatThrownBy(() -> Packets.notice(Hex.bytes(hex)))
                        .isInstanceOf(PacketException.class)
                        .hasMessageContaining("expected a packet that a server says"));
    }

    @Test
    void refusal_namesTypeLengthAndLayout() {
        PacketException refused = refused(Hex.bytes("06 00000001 0001"));

        assertThat(refused).hasMessage("CALL (type 6), 7 bytes: expected 9 bytes: u32 game, cents amount");
        assertThat(refused.type()).isEqualTo(6);
        assertThat(refused.length()).isEqualTo(7);
        assertThat(refused(Hex.bytes("2a 00000001")))
                .hasMessage("BALANCE_REQ (type 42), 5 bytes: expected 1 byte: nothing behind the type");
        assertThat(refused(Hex.bytes("0d 00000001 05 61")))
                .hasMessage("CHAT (type 13), 7 bytes: expected 6 bytes or more: u32 game, string message");
        assertThat(catchThrowableOfType(
                        PacketException.class, () -> Packets.notice(Hex.bytes("14 00000001 0e 01 0000"))))
                .hasMessageContaining("expected a card of rank 1..13 and suit 1..4, got 14, 1");
    }

    @Test
    void longPacket_isRefusedByItsLength() {
        byte[] login = new byte[Packets.COMMAND_MAX + 1];
        login[0] = 1;

        assertThat(refused(Bytes.wrap(login))).hasMessage("type 1, 2049 bytes: expected at most 2048");
        assertThatThrownBy(() -> Packets.notice(Bytes.wrap(new byte[Packets.NOTICE_MAX + 1])))
                .isInstanceOf(PacketException.class)
                .hasMessageContaining("at most 1024");
    }

    @Test
    void longestPacketOfAServer_isWhatClientsRead() throws PacketException {
        String text = "x".repeat(Packets.TEXT_MAX);
        List<Packet> longest = List.of(
                new Packet.PlayerInfo(1, 2, text, text),
                new Packet.NotifyChat(1, 2, 3, text),
                new Packet.Handoff(1, text));

        for (Packet packet : longest) {
            assertThat(Packets.notice(Packets.encode(packet))).isEqualTo(packet);
        }
    }

    @Test
    void whatDoesNotFitItsField_isTheCallersBug() {
        assertThatThrownBy(() -> Packets.encode(new Packet.Watch(1L << 32)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a field of 32 bits holds 0..4294967295, got 4294967296");
        assertThatThrownBy(() -> Packets.encode(new Packet.GameStage(1, 1, 65_536)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Packets.encode(new Packet.Join(1, -1, 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Packets.encode(new Packet.Chat(1, "x".repeat(256))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Packets.encode(new Packet.NotifyWin(1, 1, -1, 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void moneyThatTheWireCannotSay_isTheMostItCan() throws PacketException {
        assertThat(Packets.notice(Packets.encode(new Packet.NotifyWin(1, 1, 1L << 40, 0))))
                .isEqualTo(new Packet.NotifyWin(1, 1, 0xffff_ffffL, 0));
    }

    private static Stream<Bytes> everyPacket() {
        var all = new ArrayList<>(COMMANDS.values());
        all.addAll(NOTICES.values());
        return all.stream().map(Hex::bytes);
    }

    private static Bytes longer(Bytes bytes) {
        return Bytes.wrap(Arrays.copyOf(bytes.toArray(), bytes.length() + 1));
    }

    /** By both sides. */
    private static PacketException refused(Bytes bytes) {
        Notice heard = null;
        Command said = null;
        try {
            heard = Packets.notice(bytes);
        } catch (PacketException expected) {
            assertThat(expected.length()).isEqualTo(bytes.length());
        }
        try {
            said = Packets.command(bytes);
        } catch (PacketException expected) {
            assertThat(heard).as(Hex.text(bytes)).isNull();
            return expected;
        }
        throw new AssertionError("not refused: " + said);
    }
}
