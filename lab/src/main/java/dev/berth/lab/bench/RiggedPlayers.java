package dev.berth.lab.bench;

import dev.berth.poker.bot.RiggedGame;
import dev.berth.poker.bot.RiggedHand;
import dev.berth.poker.bot.RiggedResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A process that plays rigged games, and says how they ended. */
final class RiggedPlayers {
    /** How many descriptors a game takes here at most: ten players, an observer, and one that is not closed yet. */
    static final int SOCKETS_OF_A_GAME = 12;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private RiggedPlayers() {}

    /**
     * A share of games.
     *
     * @param first the number of the first one
     * @param step to the next
     * @param sets of accounts, which games have in turn
     */
    record Share(int port, int first, int step, int count, int atOnce, int sets) {
        String[] words() {
            return new String[] {
                String.valueOf(port),
                String.valueOf(first),
                String.valueOf(step),
                String.valueOf(count),
                String.valueOf(atOnce),
                String.valueOf(sets)
            };
        }

        static Share of(String... words) {
            int[] numbers = new int[words.length];
            for (int i = 0; i < words.length; i++) {
                numbers[i] = Integer.parseInt(words[i]);
            }
            return new Share(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
        }

        static String nicks(int set) {
            return "rigged-" + set;
        }
    }

    /** @param args a {@link Share} */
    public static void main(String[] args) throws IOException, InterruptedException {
        Share share = Share.of(args);
        List<RiggedHand> hands = new ArrayList<>();
        for (int i = 0; i < share.count; i++) {
            int game = share.first + i * share.step;
            hands.add(RiggedDeal.hand(game, Share.nicks(game % share.sets)));
        }
        InetSocketAddress gateway = new InetSocketAddress(InetAddress.getLoopbackAddress(), share.port);
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger passed = new AtomicInteger();
        Semaphore atOnce = new Semaphore(share.atOnce);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < hands.size(); i++) {
                int game = share.first + i * share.step;
                RiggedHand hand = hands.get(i);
                atOnce.acquire();
                threads.execute(() -> {
                    RiggedResult result = play(PokerTown.address(game), gateway, hand);
                    atOnce.release();
                    if (result.passed()) {
                        passed.incrementAndGet();
                    } else {
                        failures.add("game " + game + ": " + result.failures());
                    }
                });
            }
        }
        failures.stream().limit(5).forEach(System.err::println);
        OtherProcess.ready(passed, failures.size(), Proc.ownCpu().toMillis());
    }

    private static RiggedResult play(InetAddress from, InetSocketAddress gateway, RiggedHand hand) {
        try {
            return RiggedGame.play(from, gateway, hand, PATIENCE);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ended);
        }
    }
}
