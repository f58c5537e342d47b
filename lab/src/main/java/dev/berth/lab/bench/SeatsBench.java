package dev.berth.lab.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.berth.node.entity.Entities;
import dev.berth.node.worker.Node;
import dev.berth.poker.Numbers;
import dev.berth.poker.OpenTable;
import dev.berth.poker.Player;
import dev.berth.poker.Poker;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.rules.Terms;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

// The server that is killed had a share of the connections, of the tables and of the players' entities; so a client of
// it waits for a new connection, for the next owners, or for both. The time runs from the signal.

/** How long clients of 2008 are away from their seats when a game server of {@code berth poker} is killed. */
@Command(
        name = "seats",
        description = "Players of OpenPoker over real sockets: a game server is killed, they come back to their seats.")
final class SeatsBench extends Bench {
    private static final int SEATS = 10;
    private static final String VICTIM = "game-1";
    /** Per second, while they come for the first time. */
    private static final int ARRIVALS = 500;

    private static final int AT_ONCE = 64;
    /** Of one address. */
    private static final int NEIGHBOURS = 5;

    private static final int DESCRIPTORS = 1_000;
    private static final int PLAY_SECONDS = 10;
    private static final double LATE_SECONDS = 60;
    private static final int PLACES = 5_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--players", description = "Ten at a table (default ${DEFAULT-VALUE}).", defaultValue = "5000")
    private int players;

    @Option(names = "--servers", description = "Game servers (default ${DEFAULT-VALUE}).", defaultValue = "4")
    private int servers;

    @Option(
            names = "--think",
            description = "Milliseconds until a player answers, in the mean (default ${DEFAULT-VALUE}).",
            defaultValue = "2000")
    private int think;

    @Option(
            names = "--own-passwords",
            description = "Each account has its own, and so a slow hash of its own at its first log-in.")
    private boolean ownPasswords;

    @Option(
            names = "--together",
            description =
                    "All come to the server that is killed, past the gateway, which then sends them to the others.")
    private boolean together;

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        check();
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        Entities app = Poker.app().entities();
        try (PokerTown town = PokerTown.launch(servers)) {
            figures.put("pids", town.pids());
            enroll(town);
            try (Node node = Node.start(town.caller(app.messages()))) {
                new Evening(town, node, app).all(figures);
            }
            town.hasServed();
        }
        return figures;
    }

    private void check() {
        if (players < SEATS || players % SEATS != 0 || servers < 2 || players > (servers - 1) * PLACES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "players are ten at a table, and all have a place (%d at each server) when one of at least two servers is gone"
                            .formatted(PLACES));
        }
        long needed = DESCRIPTORS + 2L * players;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                && unix.getMaxFileDescriptorCount() < needed) {
            throw new ParameterException(
                    spec.commandLine(),
                    "ulimit -n is %d, and %d players need %d descriptors: raise it (ulimit -n %d), or say less --players"
                            .formatted(unix.getMaxFileDescriptorCount(), players, needed, needed));
        }
    }

    private String password(int number) {
        return ownPasswords ? Sitter.PASSWORD + number : Sitter.PASSWORD;
    }

    private void enroll(PokerTown town) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < players; i++) {
            lines.add("sitter-" + i + "," + Sitter.BUY_IN / 100 + (ownPasswords ? "," + password(i) : ""));
        }
        if (ownPasswords) {
            town.enroll(lines, "--password-column");
        } else {
            town.enroll(lines, "--password", Sitter.PASSWORD);
        }
    }

    /** One town, its tables and their players. */
    private final class Evening {
        private final PokerTown town;
        private final Node node;
        private final Entities app;
        private final List<Sitter> sitters = new ArrayList<>();
        private long firstGame;

        Evening(PokerTown town, Node node, Entities app) {
            this.town = town;
            this.node = node;
            this.app = app;
        }

        void all(Map<String, @Nullable Object> figures) throws IOException, InterruptedException {
            openTables();
            try {
                figures.put("players", players);
                figures.put("servers", servers);
                figures.put("think_ms", think);
                figures.put("own_passwords", ownPasswords);
                figures.put("together", together);
                figures.put("seated_s", rounded(seat(), 1));
                TimeUnit.SECONDS.sleep(PLAY_SECONDS);
                kill(figures);
                figures.put("seats_kept", seatsKept());
                figures.put("actions", sum(Sitter::actions));
                figures.put("logins_refused", sum(Sitter::refusals));
            } finally {
                sitters.forEach(Sitter::end);
                for (Sitter sitter : sitters) {
                    sitter.awaitEnd();
                }
            }
            figures.put("chips_conserved", chipsConserved());
        }

        private int sum(ToIntFunction<Sitter> figure) {
            return sitters.stream().mapToInt(figure).sum();
        }

        private void openTables() throws InterruptedException {
            int tables = players / SEATS;
            firstGame = app.agent(node, Numbers.class, Numbers.GAMES).take(tables);
            Terms terms = new Terms(Game.TEXAS_FIXED, 1, SEATS, 1_000, 2_000, 5_000, 15_000, 2);
            each(tables, i -> app.agent(node, OpenTable.class, firstGame + i).open(terms, null));
        }

        /** A few at once; the first failure is thrown. */
        private static void each(int count, IntConsumer what) throws InterruptedException {
            Semaphore atOnce = new Semaphore(AT_ONCE);
            List<Future<?>> all = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < count; i++) {
                    int number = i;
                    atOnce.acquire();
                    all.add(threads.submit(() -> {
                        try {
                            what.accept(number);
                        } finally {
                            atOnce.release();
                        }
                    }));
                }
            }
            all.forEach(Future::resultNow);
        }

        private double seat() throws IOException, InterruptedException {
            say(players + " players come to " + players / SEATS + " tables");
            long begun = System.nanoTime();
            for (int i = 0; i < players; i++) {
                Sitter sitter = new Sitter(
                        "sitter-" + i,
                        password(i),
                        firstGame + i / SEATS,
                        1 + i % SEATS,
                        PokerTown.address(i / NEIGHBOURS),
                        town.gateway(),
                        together ? victim() : null,
                        think);
                sitters.add(sitter);
                sitter.start();
                long ahead = begun + i * (TimeUnit.SECONDS.toNanos(1) / ARRIVALS) - System.nanoTime();
                if (ahead > 0) {
                    TimeUnit.NANOSECONDS.sleep(ahead);
                }
            }
            town.await("all sit", () -> sitters.stream().allMatch(sitter -> sitter.inSince() != 0));
            return (System.nanoTime() - begun) / 1e9;
        }

        private InetSocketAddress victim() {
            return new InetSocketAddress(
                    town.gateway().getAddress(), town.gateway().getPort() + 1);
        }

        private void kill(Map<String, @Nullable Object> figures) throws IOException, InterruptedException {
            long pid = town.pids().getOrDefault(VICTIM, 0L);
            int port = victim().getPort();
            List<Sitter> its =
                    sitters.stream().filter(sitter -> sitter.port() == port).toList();
            int[] losses = sitters.stream().mapToInt(Sitter::losses).toArray();
            say("%s (process %d) is killed, with %d players".formatted(VICTIM, pid, its.size()));
            long killed = System.nanoTime();
            Harbor.signal("KILL", pid);
            long until = killed + (long) (LATE_SECONDS * 1e9);
            while (its.stream().anyMatch(sitter -> sitter.inSince() - killed <= 0 || sitter.inSince() == 0)
                    && System.nanoTime() < until) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            double[] back = its.stream()
                    .filter(sitter -> sitter.inSince() != 0 && sitter.inSince() - killed > 0)
                    .mapToDouble(sitter -> (sitter.inSince() - killed) / 1e6)
                    .sorted()
                    .toArray();
            figures.put("cut_off", its.size());
            figures.put("back", back.length);
            figures.put("back_ms_p50", at(back, 0.5));
            figures.put("back_ms_p99", at(back, 0.99));
            figures.put("back_ms_max", at(back, 1));
            figures.put(
                    "others_lost",
                    IntStream.range(0, players)
                            .filter(i -> !its.contains(sitters.get(i)))
                            .filter(i -> sitters.get(i).losses() > losses[i])
                            .count());
        }

        private static double at(double[] sorted, double share) {
            return sorted.length == 0
                    ? 0
                    : rounded(sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * share))], 0);
        }

        /** How many have, at their tables, the seats that they took. */
        private long seatsKept() throws InterruptedException {
            LongAdder kept = new LongAdder();
            each(players / SEATS, i -> {
                TableView view = view(firstGame + i);
                for (Sitter sitter : sitters.subList(i * SEATS, (i + 1) * SEATS)) {
                    kept.add(view.seatOf(sitter.player()) == sitter.seat() ? 1 : 0);
                }
            });
            return kept.sum();
        }

        private TableView view(long game) {
            return app.agent(node, OpenTable.class, game).look(0).view();
        }

        private boolean chipsConserved() throws InterruptedException {
            LongAdder chips = new LongAdder();
            each(players / SEATS, i -> {
                TableView view = view(firstGame + i);
                chips.add(view.pot()
                        + view.seats().stream().mapToLong(TableView.Seat::stack).sum());
            });
            each(
                    players,
                    i -> chips.add(app.agent(node, Player.class, sitters.get(i).player())
                            .info()
                            .balance()));
            return chips.sum() == players * Sitter.BUY_IN;
        }
    }
}
