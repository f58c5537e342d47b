package dev.berth.poker.wire;

import com.ericsson.otp.erlang.OtpErlangDecodeException;
import com.ericsson.otp.erlang.OtpExternal;
import com.ericsson.otp.erlang.OtpInputStream;
import com.ericsson.otp.erlang.OtpOutputStream;
import dev.berth.core.wire.Bytes;
import dev.berth.poker.rules.Card;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

// The term is read piece by piece, each after a look at its tag: a reader of any term would believe the lengths that it
// finds,
// and a list may say that it has four billion elements. Here nothing is kept before it is known to be a card.

/** {GameType, Players, {LimitType, Low, High}, StartDelay, PlayerTimeout, [{Rank, Suit}]} in Erlang's external format. */
final class TestGameTerm {
    private static final int CARDS_MAX = Card.COUNT;
    /** Two cards for each, and five on the board. */
    private static final int PLAYERS_MAX = (CARDS_MAX - 5) / 2;

    /** Its half is the small blind. */
    private static final int LOW_MIN = 2;

    private static final int TYPE_MAX = 2;
    private static final int FIXED_LIMIT = 1;
    private static final int NAME_MAX = 8;
    /** Latin-1 with one byte of length; the library does not know it. */
    private static final int SMALL_ATOM_TAG = 115;

    private static final int DAY_MILLIS = 86_400_000;
    private static final long UNITS_MAX = 0xffff_ffffL / 100;
    private static final List<String> RANKS = List.of(
            "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "jack", "queen", "king", "ace");
    private static final List<String> SUITS = List.of("clubs", "diamonds", "hearts", "spades");

    private final OtpInputStream term;
    private final int length;

    private TestGameTerm(byte[] term) {
        this.term = new OtpInputStream(term);
        this.length = term.length + 1;
    }

    static Packet.MakeTestGame read(PacketReader in) throws PacketException {
        TestGameTerm term = new TestGameTerm(in.rest());
        try {
            return term.game();
        } catch (OtpErlangDecodeException broken) {
            throw term.expected("a whole term");
        }
    }

    private Packet.MakeTestGame game() throws PacketException, OtpErlangDecodeException {
        if (term.read1() != OtpExternal.versionTag) {
            throw expected("131, the version of the external term format");
        }
        tuple(6, "{GameType, Players, Limit, StartDelay, PlayerTimeout, Cards}");
        int gameType = whole(1, TYPE_MAX, "GameType");
        int players = whole(2, PLAYERS_MAX, "Players");
        tuple(3, "{LimitType, Low, High}");
        whole(FIXED_LIMIT, FIXED_LIMIT, "LimitType");
        long low = cents(LOW_MIN, "Low");
        long high = cents(low, "High");
        int startDelay = whole(1, DAY_MILLIS, "StartDelay in milliseconds");
        int playerTimeout = whole(1, DAY_MILLIS, "PlayerTimeout in milliseconds");
        Bytes cards = cards();
        if (cards.length() < 2 * players) {
            throw expected("two cards for each of %d players, got %d".formatted(players, cards.length()));
        }
        if (term.available() > 0) {
            throw expected("nothing behind the term, got %d bytes".formatted(term.available()));
        }
        return new Packet.MakeTestGame(gameType, players, low, high, startDelay, playerTimeout, cards);
    }

    private Bytes cards() throws PacketException, OtpErlangDecodeException {
        int tag = term.peek();
        if (tag == OtpExternal.nilTag) {
            term.read_nil();
            return Bytes.EMPTY;
        }
        if (tag != OtpExternal.listTag) {
            throw expected("a list of cards, got tag " + tag);
        }
        int size = term.read_list_head();
        if (size < 0 || size > CARDS_MAX) {
            throw expected("at most %d cards, got %d".formatted(CARDS_MAX, Integer.toUnsignedLong(size)));
        }
        byte[] cards = new byte[size];
        for (int i = 0; i < size; i++) {
            tuple(2, "{Rank, Suit}");
            int rank = 1 + name(RANKS, "a rank");
            cards[i] = Card.of(rank, 1 + name(SUITS, "a suit"));
        }
        if (term.peek() != OtpExternal.nilTag) {
            throw expected("a list that ends with the empty one, got tag " + term.peek());
        }
        term.read_nil();
        return Bytes.wrap(cards);
    }

    private void tuple(int arity, String what) throws PacketException, OtpErlangDecodeException {
        int tag = term.peek();
        int found = tag == OtpExternal.smallTupleTag ? term.read_tuple_head() : -1;
        if (found != arity) {
            throw expected(what + (found < 0 ? ", got tag " + tag : ", got a tuple of " + found));
        }
    }

    private int name(List<String> names, String what) throws PacketException, OtpErlangDecodeException {
        int tag = term.read1();
        int size = switch (tag) {
            case OtpExternal.atomTag, OtpExternal.atomUtf8Tag -> term.read2BE();
            case SMALL_ATOM_TAG, OtpExternal.smallAtomUtf8Tag -> term.read1();
            default -> throw expected("%s, got tag %d".formatted(what, tag));
        };
        int index = size > NAME_MAX ? -1 : names.indexOf(text(size));
        if (index < 0) {
            throw expected("%s, got an atom of %d letters".formatted(what, size));
        }
        return index;
    }

    private String text(int size) throws OtpErlangDecodeException {
        byte[] text = new byte[size];
        term.readN(text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private int whole(int min, int max, String what) throws PacketException, OtpErlangDecodeException {
        double value = number(what);
        if (!(value >= min && value <= max && value == (int) value)) {
            throw expected("%s %d..%d, got %s".formatted(what, min, max, value));
        }
        return (int) value;
    }

    private long cents(long min, String what) throws PacketException, OtpErlangDecodeException {
        double units = number(what);
        long cents = units >= 0 && units <= UNITS_MAX
                ? BigDecimal.valueOf(units).movePointRight(2).longValue()
                : -1;
        if (cents < min) {
            throw expected("%s from %d cents to %d units, got %s".formatted(what, min, UNITS_MAX, units));
        }
        return cents;
    }

    private double number(String what) throws PacketException, OtpErlangDecodeException {
        int tag = term.peek();
        return switch (tag) {
            case OtpExternal.smallIntTag, OtpExternal.intTag -> term.read_long();
            case OtpExternal.newFloatTag -> term.read_double();
            default -> throw expected("%s, got tag %d".formatted(what, tag));
        };
    }

    private PacketException expected(String what) {
        return PacketException.malformed(PacketType.MAKE_TEST_GAME, length, what);
    }

    static Bytes write(Packet.MakeTestGame game) {
        OtpOutputStream out = new OtpOutputStream(Packets.COMMAND_MAX);
        out.write1(PacketType.MAKE_TEST_GAME.code());
        out.write1(OtpExternal.versionTag);
        out.write_tuple_head(6);
        out.write_long(game.gameType());
        out.write_long(game.players());
        out.write_tuple_head(3);
        out.write_long(FIXED_LIMIT);
        units(out, game.lowLimit());
        units(out, game.highLimit());
        out.write_long(game.startDelayMillis());
        out.write_long(game.playerTimeoutMillis());
        Bytes cards = game.cards();
        if (cards.length() > 0) {
            out.write_list_head(cards.length());
        }
        for (int i = 0; i < cards.length(); i++) {
            out.write_tuple_head(2);
            atom(out, RANKS.get(Card.rank(cards.at(i)) - 1));
            atom(out, SUITS.get(Card.suit(cards.at(i)) - 1));
        }
        out.write_nil();
        return Bytes.wrap(out.toByteArray());
    }

    private static void units(OtpOutputStream out, long cents) {
        if (cents % 100 == 0) {
            out.write_long(cents / 100);
        } else {
            out.write_double(cents / 100.0);
        }
    }

    /** As Erlang wrote them at the time of OpenPoker, and until its release 25. */
    private static void atom(OtpOutputStream out, String name) {
        out.write1(OtpExternal.atomTag);
        out.write2BE(name.length());
        out.writeN(name.getBytes(StandardCharsets.ISO_8859_1));
    }
}
