package dev.berth.lab.sim.kernel;

import java.util.List;
import java.util.random.RandomGenerator;

// SplitMix64 written out, and every derived draw as well: the JDK's own default methods may change from release to
// release, and a seed must mean the same run for ever.

/** The only source of chance in a world. One thread. */
public final class Dice implements RandomGenerator {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    public Dice(long seed) {
        state = seed;
    }

    /** Independent dice for one purpose: draws from them do not shift the draws for another. */
    public static Dice of(long seed, String purpose) {
        long mixed = scramble(seed + GOLDEN);
        for (int i = 0; i < purpose.length(); i++) {
            mixed = scramble(mixed ^ purpose.charAt(i) * GOLDEN);
        }
        return new Dice(mixed);
    }

    @Override
    public long nextLong() {
        state += GOLDEN;
        return scramble(state);
    }

    static long scramble(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    @Override
    public int nextInt() {
        return (int) (nextLong() >>> 32);
    }

    @Override
    public long nextLong(long bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("a bound must be positive, got " + bound);
        }
        return Math.unsignedMultiplyHigh(nextLong(), bound);
    }

    @Override
    public int nextInt(int bound) {
        return (int) nextLong(bound);
    }

    @Override
    public long nextLong(long from, long to) {
        return from + nextLong(to - from);
    }

    @Override
    public int nextInt(int from, int to) {
        return from + nextInt(to - from);
    }

    @Override
    public boolean nextBoolean() {
        return nextLong() < 0;
    }

    /** True once in {@code per} draws; never if {@code per} is 0. */
    public boolean oneIn(int per) {
        return per > 0 && nextInt(per) == 0;
    }

    /** True in {@code percent} of a hundred draws. */
    public boolean percent(int percent) {
        return percent > 0 && nextInt(100) < percent;
    }

    /** A length between the two whose order of magnitude is drawn evenly: short ones are as likely as long ones. */
    public long spread(long least, long most) {
        if (least <= 0 || most < least) {
            throw new IllegalArgumentException("spread needs 0 < least <= most, got " + least + ".." + most);
        }
        int doublings = 63 - Long.numberOfLeadingZeros(most / least);
        long low = least << nextInt(doublings + 1);
        long high = Math.min(most, 2 * low);
        return low + nextLong(Math.max(1, high - low));
    }

    public <T> T pick(List<T> options) {
        return options.get(nextInt(options.size()));
    }
}
