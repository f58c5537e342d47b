package dev.berth.poker.bot;

import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Command;
import dev.berth.poker.wire.Packet.Notice;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Players who come back: each on a virtual thread of its own, through the gateways in turn, until the crowd is closed. Any
 * thread.
 */
public final class Crowd implements AutoCloseable {
    /** A server that says nothing for so long is asked whether it lives; after as much again it is left. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    private static final int BACKOFF_MIN_MILLIS = 20;
    private static final int BACKOFF_MAX_MILLIS = 1_000;

    private final List<InetSocketAddress> gateways;
    private final Tally tally = new Tally();
    private final AtomicInteger turn = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Seat> seats = new ArrayList<>();

    private Crowd(List<InetSocketAddress> gateways) {
        this.gateways = List.copyOf(gateways);
    }

    /** @param gateways one or more; who is refused by one tries the next */
    public static Crowd open(List<InetSocketAddress> gateways, List<Regular> players) {
        Crowd crowd = new Crowd(gateways);
        players.forEach(player -> crowd.seats.add(crowd.new Seat(player)));
        crowd.seats.forEach(Seat::start);
        return crowd;
    }

    public Tally tally() {
        return tally;
    }

    /** Ends all connections, without a word, and waits for the players. */
    @Override
    public void close() {
        closing.countDown();
        seats.forEach(Seat::hangUp);
        seats.forEach(Seat::join);
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** One player's connections. Its thread only, but {@link #hangUp}. */
    private final class Seat {
        private final FreeBot bot;
        private final Thread thread;
        private volatile @Nullable Cable cable;
        private int failed;
        private boolean wasIn;
        private long lostAt;

        Seat(Regular player) {
            this.bot = new FreeBot(player, tally);
            this.thread = Thread.ofVirtual().name("regular " + player.nick()).unstarted(this::run);
        }

        void start() {
            thread.start();
        }

        void hangUp() {
            Cable open = cable;
            if (open != null) {
                open.close();
            }
        }

        void join() {
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private void run() {
            while (!isClosing() && !bot.isDone()) {
                InetSocketAddress gateway = gateways.get(Math.floorMod(turn.getAndIncrement(), gateways.size()));
                try (Cable open = Cable.through(gateway)) {
                    cable = open;
                    if (!isClosing()) {
                        play(open);
                    }
                } catch (IOException e) {
                    // Lost: that is what a crowd is for.
                } catch (Complaint e) {
                    tally.find(new Finding(Finding.Kind.PACKET, thread.getName(), String.valueOf(e.getMessage())));
                }
                if (lostAt == 0) {
                    lostAt = System.nanoTime();
                }
                rest();
            }
        }

        private void play(Cable open) throws IOException, Complaint {
            open.patience(QUIET);
            List<Command> answers = new ArrayList<>();
            bot.connected(answers::add);
            boolean isAsked = false;
            while (true) {
                if (!answers.isEmpty()) {
                    open.say(answers);
                    answers.clear();
                }
                try {
                    Notice notice = open.hear();
                    if (notice == null) {
                        return;
                    }
                    isAsked = false;
                    welcome(notice);
                    bot.hear(notice, answers::add);
                } catch (SocketTimeoutException e) {
                    if (isAsked) {
                        return;
                    }
                    isAsked = true;
                    bot.quiet(answers::add);
                }
            }
        }

        private void welcome(Notice notice) {
            if (notice instanceof Packet.Pid) {
                if (wasIn && lostAt != 0) {
                    tally.reconnected(System.nanoTime() - lostAt);
                }
                wasIn = true;
                lostAt = 0;
                failed = 0;
            }
        }

        /** Longer each time, and not all at once. */
        private void rest() {
            int most = Math.min(BACKOFF_MAX_MILLIS, BACKOFF_MIN_MILLIS << Math.min(failed++, 6));
            try {
                boolean ignored = closing.await(bot.chance(most), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
