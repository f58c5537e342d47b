package dev.berth.core.session;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

// Messages of one channel arrive in their order, after a delay that is now and then long. A channel that is cut loses
// what is on its way; what is sent while it is down is lost too, and nobody is told.

/** Virtual time, and channels that break. */
final class Waters {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;

    private record Due(long atNanos, long order, Runnable what) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return atNanos != other.atNanos ? Long.compare(atNanos, other.atNanos) : Long.compare(order, other.order);
        }
    }

    final SplittableRandom dice;
    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private long nowNanos;
    private long order;

    Waters(long seed) {
        dice = new SplittableRandom(seed);
    }

    long now() {
        return nowNanos;
    }

    void in(long delayNanos, Runnable what) {
        queue.add(new Due(nowNanos + delayNanos, order++, what));
    }

    /** Between none and so many. */
    void within(long mostNanos, Runnable what) {
        in(dice.nextLong(mostNanos + 1), what);
    }

    boolean chance(int ofThousand) {
        return dice.nextInt(1_000) < ofThousand;
    }

    /** Lets things happen until that time. */
    void run(long untilNanos) {
        while (!queue.isEmpty() && queue.peek().atNanos <= untilNanos) {
            Due due = queue.remove();
            nowNanos = due.atNanos;
            due.what.run();
        }
        nowNanos = untilNanos;
    }

    /** One direction between two. */
    final class Channel {
        private long life;
        private long lastNanos;
        private boolean down;

        void send(Runnable arrives) {
            if (down) {
                return;
            }
            long delay = chance(15) ? dice.nextLong(2 * SECOND) : dice.nextLong(20 * MILLI);
            long its = life;
            lastNanos = Math.max(lastNanos, nowNanos + delay);
            in(lastNanos - nowNanos, () -> {
                if (its == life) {
                    arrives.run();
                }
            });
        }

        void cut() {
            life++;
            lastNanos = nowNanos;
            down = true;
        }

        void mend() {
            down = false;
        }
    }
}
