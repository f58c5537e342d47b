package dev.berth.poker.wire;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

// The layout is written once, here, as people read it: u8, u16 and u32 are numbers, cents is a u32 of money, a string
// has one byte of length. Lengths, what is written, and what is said of a refused packet come from it.

/** The first byte of a packet, and the fields behind it. Any thread. */
@SuppressWarnings("ImmutableEnumChecker") // nobody writes to its arrays
public enum PacketType {
    GOOD(0, "u8 command, u32 extra"),
    LOGIN(1, "string nick, string password, anything"),
    LOGOUT(2, ""),
    WATCH(3, "u32 game"),
    UNWATCH(4, "u32 game"),
    CALL(6, "u32 game, cents amount"),
    RAISE(7, "u32 game, cents amount"),
    FOLD(8, "u32 game"),
    JOIN(9, "u32 game, u8 seat, cents buy-in"),
    LEAVE(10, "u32 game"),
    SIT_OUT(11, "u32 game"),
    COME_BACK(12, "u32 game"),
    CHAT(13, "u32 game, string message"),
    GAME_INFO(
            14,
            "u32 game, u8 game type, u8 seats, u8 joined, u8 waiting, u8 limit type, cents low limit, cents high"
                    + " limit"),
    PLAYER_INFO(15, "u32 player, cents in-play, string nick, string location"),
    BET_REQ(17, "u32 game, cents call, cents least raise, cents most raise"),
    NOTIFY_DRAW(18, "u32 game, u8 rank, u8 suit, u16 seq"),
    NOTIFY_PRIVATE(19, "u32 game, u32 player, u16 seq"),
    NOTIFY_SHARED(20, "u32 game, u8 rank, u8 suit, u16 seq"),
    NOTIFY_JOIN(21, "u32 game, u32 player, u8 seat, u16 seq"),
    NOTIFY_LEAVE(22, "u32 game, u32 player, u16 seq"),
    NOTIFY_CHAT(23, "u32 game, u32 player, u16 seq, string message"),
    NOTIFY_START_GAME(24, "u32 game, u16 seq"),
    NOTIFY_END_GAME(25, "u32 game, u16 seq"),
    NOTIFY_WIN(26, "u32 game, u32 player, cents amount, u16 seq"),
    NOTIFY_BET(27, "u32 game, u32 player, cents amount, u16 seq"),
    NOTIFY_RAISE(29, "u32 game, u32 player, cents amount, u16 seq"),
    NOTIFY_CALL(30, "u32 game, u32 player, cents amount, u16 seq"),
    PLAYER_STATE(31, "u32 game, u32 player, u8 state, u16 seq"),
    GAME_STAGE(32, "u32 game, u8 stage, u16 seq"),
    SEAT_STATE(33, "u32 game, u8 seat, u8 state, u32 player"),
    NOTIFY_BUTTON(34, "u32 game, u8 seat, u16 seq"),
    PID(35, "u32 player"),
    HANDOFF(36, "u16 port, string host"),
    GAME_QUERY(
            37, "u8 game type, u8 limit type, u8 operator, u8 seats, u8 operator, u8 joined, u8 operator, u8 waiting"),
    NOTIFY_CANCEL_GAME(38, "u32 game, u16 seq"),
    SEAT_QUERY(39, "u32 game"),
    PLAYER_INFO_REQ(40, "u32 player"),
    NEW_GAME_REQ(41, "u8 game type, u8 seats, u8 limit type, cents low limit, cents high limit"),
    BALANCE_REQ(42, ""),
    BALANCE_INFO(43, "cents balance, cents in-play"),
    NOTIFY_SB(44, "u32 game, u8 seat, u16 seq"),
    NOTIFY_BB(45, "u32 game, u8 seat, u16 seq"),
    BAD(250, "u8 command, u8 error"),
    MAKE_TEST_GAME(252, "anything"),
    PONG(253, ""),
    PING(254, "");

    private static final @Nullable PacketType[] BY_CODE = new @Nullable PacketType[256];

    static {
        for (PacketType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final String layout;
    private final int[] widths;
    private final boolean[] money;
    private final int lengthMin;
    private final boolean exact;

    PacketType(int code, String layout) {
        this.code = code;
        this.layout = layout;
        List<String> fields = List.of(layout.split(", "));
        List<String> numbers = fields.stream().filter(field -> width(field) > 0).toList();
        this.widths = numbers.stream().mapToInt(PacketType::width).toArray();
        this.money = new boolean[widths.length];
        for (int i = 0; i < money.length; i++) {
            money[i] = numbers.get(i).startsWith("cents");
        }
        long texts = fields.stream().filter(field -> field.startsWith("string")).count();
        this.lengthMin = 1 + Arrays.stream(widths).sum() + (int) texts;
        this.exact = texts == 0 && !layout.equals("anything");
    }

    static @Nullable PacketType of(byte code) {
        return BY_CODE[code & 0xff];
    }

    public int code() {
        return code;
    }

    /** The bytes of the packet when its texts are empty, the type's own among them. */
    int lengthMin() {
        return lengthMin;
    }

    /** How many numbers it holds; texts are behind them. */
    int numbers() {
        return widths.length;
    }

    /** The bytes of a number, counted from 0. */
    int width(int number) {
        return widths[number];
    }

    boolean isMoney(int number) {
        return money[number];
    }

    boolean fits(int length) {
        return exact ? length == lengthMin : length >= lengthMin;
    }

    /** What a packet of this type has to be, for people. */
    String expected() {
        String fields = layout.isEmpty() ? "nothing behind the type" : layout;
        return "%d byte%s%s: %s".formatted(lengthMin, lengthMin == 1 ? "" : "s", exact ? "" : " or more", fields);
    }

    private static int width(String field) {
        return switch (field.replaceFirst(" .*", "")) {
            case "u8" -> 1;
            case "u16" -> 2;
            case "u32", "cents" -> 4;
            default -> 0;
        };
    }
}
