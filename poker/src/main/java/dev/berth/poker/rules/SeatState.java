package dev.berth.poker.rules;

/** What a seat is in, one bit each, as OpenPoker numbers them. An empty seat is 0. Any thread. */
public final class SeatState {
    /** May be asked for a blind, is dealt in, acts. */
    public static final int PLAYING = 1;

    public static final int FOLDED = 2;
    public static final int SITTING_OUT = 8;
    /** Came between two hands and is dealt in when he has posted a blind. */
    public static final int MAKING_UP = 16;

    public static final int ALL_IN = 32;
    /** Beside another one: he leaves when the hand is over. */
    public static final int LEAVING = 128;

    private SeatState() {}
}
