package dev.berth.lab.sim.kernel;

// Three readings, as an operating system has them:
//   monotonic  stands still while the machine is suspended, never goes back
//   uptime     goes on while the machine is suspended
//   wall       uptime plus an offset that people and NTP move about
// A machine frozen from outside (a hypervisor's pause) loses the time from all three.

/** The clock of one machine, as a straight line in pieces. One thread. */
public final class LocalClock {
    private static final long MILLION = 1_000_000L;

    private long pieceStart;
    private long pieceUptime;
    private int ratePpm;
    private boolean running = true;
    private boolean uptimeRunning = true;
    private long lost;
    private long wallOffset;

    /** @param bootNanos what the clock shows at the beginning; every machine has another value */
    public LocalClock(long bootNanos, int ratePpm, long wallOffset) {
        this.pieceUptime = bootNanos;
        this.ratePpm = ratePpm;
        this.wallOffset = wallOffset;
    }

    public long uptime(long now) {
        return uptimeRunning ? pieceUptime + scaled(now - pieceStart, ratePpm) : pieceUptime;
    }

    private long frozenAt;

    public long monotonic(long now) {
        return running ? uptime(now) - lost : frozenAt;
    }

    public long wall(long now) {
        return uptime(now) + wallOffset;
    }

    public int ratePpm() {
        return ratePpm;
    }

    /** The first instant at which {@link #monotonic} will show at least {@code reading}; now, if it already does. */
    public long instantOf(long reading, long now) {
        if (reading <= monotonic(now)) {
            return now;
        }
        long ahead = reading - monotonic(now);
        // Rounded up from a fresh multiplication, then nudged: the line above rounds down.
        long whole = ahead / ratePpm * MILLION;
        long instant = now + whole + Math.ceilDiv(ahead % ratePpm * MILLION, ratePpm);
        while (monotonicIfRunning(instant) < reading) {
            instant++;
        }
        return instant;
    }

    private long monotonicIfRunning(long instant) {
        return running ? monotonic(instant) : Long.MAX_VALUE;
    }

    /** Another speed from now on, in millionths of true time. */
    public void setRate(long now, int newRatePpm) {
        startPiece(now);
        ratePpm = newRatePpm;
    }

    public void stepWall(long byNanos) {
        wallOffset += byNanos;
    }

    /** The monotonic clock stands still from now on; with {@code unseen}, uptime and wall do so too. */
    public void freeze(long now, boolean unseen) {
        frozenAt = monotonic(now);
        startPiece(now);
        running = false;
        uptimeRunning = !unseen;
    }

    public void thaw(long now) {
        startPiece(now);
        lost = pieceUptime - frozenAt;
        running = true;
        uptimeRunning = true;
    }

    private void startPiece(long now) {
        pieceUptime = uptime(now);
        pieceStart = now;
    }

    private static long scaled(long elapsed, int ppm) {
        return elapsed / MILLION * ppm + elapsed % MILLION * ppm / MILLION;
    }
}
