package dev.berth.poker.bot;

import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packet.Command;
import dev.berth.poker.wire.Packet.Notice;
import dev.berth.poker.wire.PacketType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

// In the order of the original: a server from the gateway, the game over a connection of its own, an observer who does
// not log in, then the players from the highest seat down. The first failure ends it for all.

/** Plays one rigged hand over real sockets, as the test client of 2008 did. */
public final class RiggedGame {
    private final RiggedHand hand;
    private final InetAddress from;
    private final InetSocketAddress server;
    private final long game;
    private final List<Cable> cables = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    private RiggedGame(RiggedHand hand, InetAddress from, InetSocketAddress server, long game) {
        this.hand = hand;
        this.from = from;
        this.server = server;
        this.game = game;
    }

    /** @param patience for everything from the game's making to its end; the thread that calls this waits */
    public static RiggedResult play(InetSocketAddress gateway, RiggedHand hand, Duration patience)
            throws InterruptedException {
        return play(Cable.ANYWHERE, gateway, hand, patience);
    }

    /** The same with everybody's connections from this address. */
    public static RiggedResult play(InetAddress from, InetSocketAddress gateway, RiggedHand hand, Duration patience)
            throws InterruptedException {
        try {
            InetSocketAddress server = Cable.server(from, gateway);
            return new RiggedGame(hand, from, server, make(from, server, hand)).play(patience);
        } catch (IOException | Complaint e) {
            return new RiggedResult(0, new TreeMap<>(), List.of(e.toString()));
        }
    }

    private static long make(InetAddress from, InetSocketAddress server, RiggedHand hand)
            throws IOException, Complaint {
        try (Cable cable = Cable.connect(from, server)) {
            cable.patience(Cable.ANSWER);
            cable.say(hand.command());
            return switch (cable.hear()) {
                case Packet.Good good when good.command() == PacketType.MAKE_TEST_GAME.code() -> good.extra();
                case null -> throw new Complaint("closed instead of an answer to MAKE_TEST_GAME");
                case Notice other -> throw new Complaint("answer to MAKE_TEST_GAME: " + other);
            };
        } catch (SocketTimeoutException e) {
            throw new Complaint("no answer to MAKE_TEST_GAME within " + Cable.ANSWER.toSeconds() + " s");
        }
    }

    private RiggedResult play(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        HandObserver observer = new HandObserver(game);
        try {
            start("observer", observer, new Packet.Watch(game));
            for (int seat = hand.players().size(); seat >= 1 && failures.isEmpty(); seat--) {
                RiggedHand.Player player = hand.players().get(seat - 1);
                Command login = new Packet.Login(player.nick(), RiggedHand.PASSWORD);
                start("seat " + seat, new ScriptedBot(game, seat, player), login, new Packet.Watch(game));
            }
            for (Thread thread : threads) {
                if (failures.isEmpty() && !thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                    fail(thread.getName() + ": not done after " + patience);
                    break;
                }
            }
        } catch (IOException e) {
            fail(e.toString());
        } finally {
            closeAll();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failures.isEmpty()) {
            failures.addAll(observer.differences(hand.winners()));
        }
        return new RiggedResult(game, observer.winners(), List.copyOf(failures));
    }

    private void start(String name, Mind mind, Command... first) throws IOException {
        Cable cable = Cable.connect(from, server);
        synchronized (cables) {
            cables.add(cable);
        }
        for (Command each : first) {
            cable.say(each);
        }
        threads.add(Thread.ofVirtual().name(name).start(() -> run(name, cable, mind)));
    }

    private void run(String name, Cable cable, Mind mind) {
        try (cable) {
            List<Command> answers = new ArrayList<>();
            boolean canSay = true;
            while (!mind.isDone()) {
                Notice notice = cable.hear();
                if (notice == null) {
                    throw new Complaint("closed before the hand was over");
                }
                mind.hear(notice, answers::add);
                canSay = canSay && say(cable, answers);
                answers.clear();
            }
        } catch (IOException | Complaint e) {
            fail(name + ": " + e.getMessage());
            closeAll();
        }
    }

    /** What has arrived is heard to its end, even if nothing can be said any more. */
    private static boolean say(Cable cable, List<Command> answers) {
        try {
            if (!answers.isEmpty()) {
                cable.say(answers);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Those who end because of the first failure are none. */
    private void fail(String failure) {
        synchronized (failures) {
            if (failures.isEmpty()) {
                failures.add(failure);
            }
        }
    }

    private void closeAll() {
        synchronized (cables) {
            cables.forEach(Cable::close);
        }
    }
}
