package dev.berth.lab.bench;

import dev.berth.poker.bot.Cable;
import dev.berth.poker.bot.Complaint;
import dev.berth.poker.wire.Packet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

// What a client of 2008 does when its connection is lost, and nothing more: the gateway, the server that it names,
// LOGIN. It has its seat again when it hears what was said in this hand.

/** A player who checks and calls at one seat, and comes back. Its own thread; others read the volatiles. */
final class Sitter {
    static final String PASSWORD = "foo";
    static final long BUY_IN = 100_000;

    private static final Duration QUIET = Duration.ofSeconds(20);
    private static final int BACKOFF_MIN_MILLIS = 20;
    private static final int BACKOFF_MAX_MILLIS = 500;
    private static final int BACKOFF_SHIFT_MAX = 5;

    private final String nick;
    private final String password;
    private final long game;
    private final int seat;
    private final InetAddress from;
    private final InetSocketAddress gateway;
    private final int thinkMillis;
    private final Thread thread;
    /** Where it goes first; null for where the gateway says, as it does from then on. */
    private @Nullable InetSocketAddress first;

    private volatile @Nullable Cable cable;
    private volatile boolean closing;
    private volatile int port;
    private volatile long player;
    private volatile long inSince;
    private final AtomicInteger losses = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger actions = new AtomicInteger();
    private boolean seated;
    private int failed;

    Sitter(
            String nick,
            String password,
            long game,
            int seat,
            InetAddress from,
            InetSocketAddress gateway,
            @Nullable InetSocketAddress first,
            int thinkMillis) {
        this.nick = nick;
        this.password = password;
        this.game = game;
        this.seat = seat;
        this.from = from;
        this.gateway = gateway;
        this.first = first;
        this.thinkMillis = thinkMillis;
        this.thread = Thread.ofVirtual().name("sitter " + nick).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** The game server that it is connected to by the port, or 0. */
    int port() {
        return port;
    }

    long player() {
        return player;
    }

    long game() {
        return game;
    }

    int seat() {
        return seat;
    }

    /** Since when it has its seat on this connection; 0 if it has not. */
    long inSince() {
        return inSince;
    }

    int losses() {
        return losses.get();
    }

    int refusals() {
        return refusals.get();
    }

    int actions() {
        return actions.get();
    }

    /** He goes; perhaps he has to think to the end first. */
    void end() {
        closing = true;
        Cable open = cable;
        if (open != null) {
            open.close();
        }
    }

    void awaitEnd() throws InterruptedException {
        thread.join();
    }

    private void run() {
        while (!closing) {
            try {
                InetSocketAddress server = first == null ? Cable.server(from, gateway) : first;
                first = null;
                try (Cable open = Cable.connect(from, server)) {
                    cable = open;
                    port = server.getPort();
                    sit(open);
                }
            } catch (IOException | Complaint lost) {
                failed++;
            }
            if (inSince != 0) {
                losses.incrementAndGet();
            }
            inSince = 0;
            port = 0;
            rest();
        }
    }

    private void sit(Cable open) throws IOException, Complaint {
        open.patience(QUIET);
        open.say(new Packet.Login(nick, password));
        for (Packet.Notice notice = open.hear(); notice != null && !closing; notice = open.hear()) {
            switch (notice) {
                case Packet.Pid pid -> {
                    player = pid.player();
                    if (!seated) {
                        open.say(new Packet.SeatQuery(game));
                    }
                }
                case Packet.Bad bad -> {
                    refusals.incrementAndGet();
                    throw new Complaint("refused: " + bad);
                }
                case Packet.SeatState state
                when state.seat() == seat && !seated -> {
                    // The connection may have been lost between JOIN and what it was answered.
                    seated = state.player() == player;
                    if (!seated) {
                        open.say(new Packet.Watch(game), new Packet.Join(game, seat, BUY_IN));
                    }
                }
                case Packet.BetReq asked -> {
                    think();
                    open.say(new Packet.Call(game, asked.call()));
                    actions.incrementAndGet();
                }
                case Packet.Broadcast broadcast -> heard(broadcast, open);
                default -> {}
            }
        }
    }

    private void heard(Packet.Broadcast broadcast, Cable open) throws IOException {
        switch (broadcast) {
            case Packet.NotifyJoin joined -> seated |= joined.player() == player;
            // In mid-hand nobody is let in.
            case Packet.NotifyCancelGame _, Packet.NotifyEndGame _ -> {
                if (!seated) {
                    open.say(new Packet.Join(game, seat, BUY_IN));
                }
            }
            default -> {}
        }
        if (seated && inSince == 0 && player != 0) {
            inSince = System.nanoTime();
            failed = 0;
        }
    }

    private void think() {
        if (thinkMillis > 0) {
            sleep(thinkMillis / 2 + ThreadLocalRandom.current().nextInt(thinkMillis));
        }
    }

    private void rest() {
        int most = Math.min(BACKOFF_MAX_MILLIS, BACKOFF_MIN_MILLIS << Math.min(failed, BACKOFF_SHIFT_MAX));
        sleep(1 + ThreadLocalRandom.current().nextInt(most));
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
