package dev.berth.poker.bot;

import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Command;
import dev.berth.poker.wire.Packet.Notice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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

    private final Manner manner;

    /**
     * How its players are.
     *
     * @param thinkMillis how long each takes to answer, at most
     * @param apart whether each comes from an address of its own, 127.1.x.y: gateways keep so many places for one address, and no more
     * @param memory is given each hand that a player has heard, by his own thread
     */
    public record Manner(int thinkMillis, boolean apart, Consumer<HeardHand> memory) {
        static final Manner QUICK = new Manner(0, false, _ -> {});
    }

    private Crowd(List<InetSocketAddress> gateways, Manner manner) {
        this.gateways = List.copyOf(gateways);
        this.manner = manner;
    }

    /** @param gateways one or more; who is refused by one tries the next */
    public static Crowd open(List<InetSocketAddress> gateways, List<Regular> players) {
        return open(gateways, players, Manner.QUICK);
    }

    public static Crowd open(List<InetSocketAddress> gateways, List<Regular> players, Manner manner) {
        Crowd crowd = new Crowd(gateways, manner);
        for (Regular player : players) {
            crowd.seats.add(crowd.new Seat(player, crowd.seats.size()));
        }
        crowd.seats.forEach(Seat::start);
        return crowd;
    }

    /** Of one of many, if they come from addresses of their own. */
    private InetAddress from(int number) {
        if (!manner.apart) {
            return Cable.ANYWHERE;
        }
        byte[] address = {127, 1, (byte) (number / 250), (byte) (1 + number % 250)};
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException neverOfFourBytes) {
            throw new IllegalStateException(neverOfFourBytes);
        }
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
        private final InetAddress from;
        private final Thread thread;
        private volatile @Nullable Cable cable;
        private int failed;
        private boolean wasIn;
        private long lostAt;
        private long answeredAt;

        Seat(Regular player, int number) {
            this.bot = new FreeBot(player, tally, manner.memory);
            this.from = from(number);
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
                try (Cable open = Cable.through(gateway, from)) {
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
            bot.ends();
        }

        private void play(Cable open) throws IOException, Complaint {
            open.patience(QUIET);
            List<Command> answers = new ArrayList<>();
            bot.connected(answers::add);
            boolean isAsked = false;
            while (true) {
                if (!answers.isEmpty()) {
                    think(answers);
                    open.say(answers);
                    answers.clear();
                }
                try {
                    Notice notice = open.hear();
                    if (notice == null) {
                        return;
                    }
                    isAsked = false;
                    if (notice instanceof Packet.Bad bad && bad.error() == Packet.Bad.UNKNOWN) {
                        // The server could not find out who that is: another one, or later.
                        return;
                    }
                    welcome(notice);
                    answered(notice);
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

        private void think(List<Command> answers) {
            if (answers.stream().anyMatch(Seat::isAct)) {
                if (manner.thinkMillis > 0) {
                    sleep(bot.chance(manner.thinkMillis));
                }
                answeredAt = System.nanoTime();
            }
        }

        private static boolean isAct(Command command) {
            return command instanceof Packet.Call || command instanceof Packet.Raise || command instanceof Packet.Fold;
        }

        private void answered(Notice notice) {
            if (answeredAt != 0 && notice instanceof Packet.Broadcast) {
                tally.waited(System.nanoTime() - answeredAt);
                answeredAt = 0;
            }
        }

        /** Longer each time, and not all at once. */
        private void rest() {
            int most = Math.min(BACKOFF_MAX_MILLIS, BACKOFF_MIN_MILLIS << Math.min(failed++, 6));
            sleep(bot.chance(most));
        }

        /** Not beyond the end. */
        private void sleep(int millis) {
            try {
                boolean ignored = closing.await(millis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
