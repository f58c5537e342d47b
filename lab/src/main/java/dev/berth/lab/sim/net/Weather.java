package dev.berth.lab.sim.net;

/**
 * How the network behaves between faults. One thread.
 *
 * @param leastNanos the shortest way between two machines
 * @param jitterNanos what is added, evenly
 * @param tailPercent of the frames take up to {@code tailNanos} more
 * @param datagrams whether members and masters talk without order and receipt, as over UDP
 * @param lossPercent of datagrams get lost; {@code doublePercent} come twice
 * @param giveUpNanos after which a stream that cannot move is reset
 */
public record Weather(
        long leastNanos,
        long jitterNanos,
        int tailPercent,
        long tailNanos,
        boolean datagrams,
        int lossPercent,
        int doublePercent,
        long giveUpNanos) {
    private static final long MICRO = 1_000L;
    private static final long SECOND = 1_000_000_000L;

    /** A quiet local network. */
    public static final Weather CALM = new Weather(100 * MICRO, 200 * MICRO, 0, 0, false, 0, 0, 15 * SECOND);

    public Weather {
        if (leastNanos < 1 || jitterNanos < 1 || tailNanos < 0 || giveUpNanos < 1) {
            throw new IllegalArgumentException("weather: delays must be positive, got least=" + leastNanos
                    + "ns jitter=" + jitterNanos + "ns tail=" + tailNanos + "ns giveUp=" + giveUpNanos + "ns");
        }
    }

    /** The same network when nothing goes wrong any more. */
    public Weather calmed() {
        return new Weather(leastNanos, jitterNanos, 0, 0, datagrams, 0, 0, giveUpNanos);
    }
}
