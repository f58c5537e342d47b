package dev.berth.poker.rules;

import dev.berth.core.wire.Bytes;
import java.util.Arrays;

// Where everything lies on a table, in bytes. What is saved of an action is the difference between two encodings, and
// numbers whose length follows their size would push everything behind them aside. So each thing has a place of its
// own, and what an action changes lies close together. What follows from something else is not kept: the bet of a
// round is what somebody has paid since it began, and a card that was dealt is the one that lay in the deck at that
// place.
//
//     0 layout  1-4 hand  5 button  6 dealer  7 small blind  8-11 wake  12 acting  13-14 seq  15-17 acted  18-22 level
//     23 stage  24 drawn  25 board from  26 shared  27 big blind  28 phase  29 rounds  30-32 dealt in  33-37 base
// 38-42 raise
//     by seats: 5 stack, 5 paid; then by seats 1 state; 5 player; 5 drawn cards; then 52 bytes of deck

/** A copy of a table's bytes that one step works on. One thread. */
final class Felt {
    /** More cents than this never lie on a table. */
    static final long CENTS_MAX = (1L << 40) - 1;

    static final int CARDS_MAX = 5;
    private static final int LAYOUT = 1;
    private static final byte HAND_ON = 1;
    private static final byte ASLEEP = 2;
    private static final int SEATS_AT = 43;
    private static final int PER_SEAT = 5 + 5 + 1 + 5 + CARDS_MAX;

    final int seats;
    private final byte[] at;
    private final int state;
    private final int player;
    private final int swapped;
    private final int deck;

    private Felt(int seats, byte[] at) {
        this.seats = seats;
        this.at = at;
        state = SEATS_AT + 10 * seats;
        player = state + seats;
        swapped = player + 5 * seats;
        deck = SEATS_AT + PER_SEAT * seats;
    }

    static Bytes empty(int seats) {
        byte[] at = new byte[SEATS_AT + PER_SEAT * seats + Card.COUNT];
        at[0] = LAYOUT;
        return Bytes.wrap(at);
    }

    static Felt of(int seats, Bytes bytes) {
        if (bytes.length() != SEATS_AT + PER_SEAT * seats + Card.COUNT || bytes.at(0) != LAYOUT) {
            throw new IllegalArgumentException(bytes + " are no table of " + seats + " seats, layout " + LAYOUT
                    + ": a newer build has written it, roll forward");
        }
        return new Felt(seats, bytes.toArray());
    }

    /** It is not to be changed afterwards. */
    Bytes bytes() {
        return Bytes.wrap(at);
    }

    // ---- The table

    int stage() {
        return at[23];
    }

    void stage(int stage) {
        at[23] = (byte) stage;
    }

    /** The seat that is asked, or 0. */
    int acting() {
        return at[12];
    }

    void acting(int seat) {
        at[12] = (byte) seat;
    }

    /** The seat that was announced, or 0 before the first hand. */
    int button() {
        return at[5];
    }

    void button(int seat) {
        at[5] = (byte) seat;
    }

    /** The seat after which cards are dealt and rounds begin: the button, or the small blind heads-up. */
    int dealer() {
        return at[6];
    }

    void dealer(int seat) {
        at[6] = (byte) seat;
    }

    int smallBlind() {
        return at[7];
    }

    void smallBlind(int seat) {
        at[7] = (byte) seat;
    }

    int bigBlind() {
        return at[27];
    }

    void bigBlind(int seat) {
        at[27] = (byte) seat;
    }

    /** Whether what was paid lies in the middle; otherwise it has been won, and the numbers are of the hand before. */
    boolean isHandOn() {
        return at[28] == HAND_ON;
    }

    void handOn(boolean on) {
        at[28] = on ? HAND_ON : 0;
    }

    /** Nobody is there, and no time runs. */
    boolean isAsleep() {
        return at[28] == ASLEEP;
    }

    void asleep(boolean asleep) {
        at[28] = asleep ? ASLEEP : 0;
    }

    int seq() {
        return (int) number(13, 2);
    }

    void seq(int seq) {
        number(13, 2, seq);
    }

    /** The newest request to be woken. */
    long wake() {
        return number(8, 4);
    }

    void wake(long number) {
        number(8, 4, number);
    }

    long hand() {
        return number(1, 4);
    }

    void hand(long number) {
        number(1, 4, number);
    }

    /** What one has to have paid to stay in. */
    long level() {
        return number(18, 5);
    }

    void level(long cents) {
        number(18, 5, cents);
    }

    /** The level when the round began. */
    long base() {
        return number(33, 5);
    }

    void base(long cents) {
        number(33, 5, cents);
    }

    /** The greatest raise of the round. */
    long raise() {
        return number(38, 5);
    }

    void raise(long cents) {
        number(38, 5, cents);
    }

    // ---- Seats, from 1

    long stack(int seat) {
        return number(SEATS_AT + 10 * (seat - 1), 5);
    }

    void stack(int seat, long cents) {
        number(SEATS_AT + 10 * (seat - 1), 5, cents);
    }

    /** Since the hand began. */
    long paid(int seat) {
        return number(SEATS_AT + 10 * (seat - 1) + 5, 5);
    }

    void paid(int seat, long cents) {
        number(SEATS_AT + 10 * (seat - 1) + 5, 5, cents);
    }

    /** From the stack into the middle. */
    void pay(int seat, long cents) {
        stack(seat, stack(seat) - cents);
        paid(seat, paid(seat) + cents);
    }

    int state(int seat) {
        return at[state + seat - 1] & 255;
    }

    void state(int seat, int bits) {
        at[state + seat - 1] = (byte) bits;
    }

    boolean is(int seat, int bits) {
        return (state(seat) & bits) != 0;
    }

    long player(int seat) {
        return number(player + 5 * (seat - 1), 5);
    }

    void player(int seat, long id) {
        number(player + 5 * (seat - 1), 5, id);
    }

    /** By seats, 0 for an empty one. */
    boolean isTaken(int seat) {
        return state(seat) != 0;
    }

    /** The next seat after this one in one of these states, once around, the seat itself last; 0 if there is none. */
    int next(int after, int bits) {
        for (int i = 0; i < seats; i++) {
            int seat = (after + i) % seats + 1;
            if (is(seat, bits)) {
                return seat;
            }
        }
        return 0;
    }

    /** The same of those who have not acted. */
    int nextToAct(int after, int bits) {
        for (int i = 0; i < seats; i++) {
            int seat = (after + i) % seats + 1;
            if (is(seat, bits) && (number(15, 3) & 1 << seat) == 0) {
                return seat;
            }
        }
        return 0;
    }

    void acted(int seat) {
        number(15, 3, number(15, 3) | 1 << seat);
    }

    void nobodyActed() {
        number(15, 3, 0);
    }

    /** Where the player sits; 0 if he does not. */
    int seatOf(long player) {
        for (int seat = 1; seat <= seats; seat++) {
            if (isTaken(seat) && player(seat) == player) {
                return seat;
            }
        }
        return 0;
    }

    int count(int bits) {
        int count = 0;
        for (int seat = 1; seat <= seats; seat++) {
            if (is(seat, bits)) {
                count++;
            }
        }
        return count;
    }

    /** Stacks, and what lies in the middle. */
    long chips() {
        long sum = 0;
        for (int seat = 1; seat <= seats; seat++) {
            sum += stack(seat) + (isHandOn() ? paid(seat) : 0);
        }
        return sum;
    }

    // ---- Cards

    /** Of a seat, by place from 0. */
    byte card(int seat, int place) {
        byte drawn = at[swapped + CARDS_MAX * (seat - 1) + place];
        boolean dealt = isDealtIn(seat) && place < at[29];
        return drawn != Card.NONE || !dealt ? drawn : at[deck + place * Long.bitCount(number(30, 3)) + turn(seat)];
    }

    /** Another one in its place. */
    void swap(int seat, int place) {
        at[swapped + CARDS_MAX * (seat - 1) + place] = draw();
    }

    /** So many cards for each seat that is in one of these states, one at a time from the first after the dealer: what comes first. */
    void deal(int rounds, int bits) {
        int in = 0;
        for (int seat = 1; seat <= seats; seat++) {
            in |= is(seat, bits) ? 1 << seat : 0;
        }
        at[29] = (byte) rounds;
        number(30, 3, in);
        at[24] = (byte) (rounds * Integer.bitCount(in));
    }

    boolean isDealtIn(int seat) {
        return (number(30, 3) & 1 << seat) != 0;
    }

    /** How many got a card before it in each round. */
    private int turn(int seat) {
        int turn = 0;
        for (int other = dealer() % seats + 1; other != seat; other = other % seats + 1) {
            turn += isDealtIn(other) ? 1 : 0;
        }
        return turn;
    }

    /** How many lie in the middle for all; they were drawn one behind the other. */
    int shared() {
        return at[26];
    }

    byte board(int place) {
        return at[deck + at[25] + place];
    }

    void share() {
        if (at[26]++ == 0) {
            at[25] = at[24];
        }
        draw();
    }

    private byte draw() {
        return at[deck + at[24]++];
    }

    /** A new hand: nothing was paid, nobody has cards. */
    void shuffle(Deck fresh) {
        fresh.cards().copyTo(at, deck);
        Arrays.fill(at, 15, 23, (byte) 0);
        Arrays.fill(at, 24, SEATS_AT, (byte) 0);
        Arrays.fill(at, swapped, deck, (byte) 0);
        for (int seat = 1; seat <= seats; seat++) {
            paid(seat, 0);
        }
    }

    private long number(int from, int length) {
        long number = 0;
        for (int i = 0; i < length; i++) {
            number = (number << 8) | (at[from + i] & 255);
        }
        return number;
    }

    private void number(int from, int length, long number) {
        if (number < 0 || number >> (8 * length) != 0) {
            throw new IllegalStateException(number + " does not fit " + length + " bytes of a table");
        }
        for (int i = length - 1; i >= 0; i--) {
            at[from + i] = (byte) number;
            number >>= 8;
        }
    }
}
