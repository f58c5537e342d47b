package dev.berth.lab.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.berth.lab.bench.RiggedPlayers.Share;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

// The test of 2008: each game is made by packet 252, watched by somebody who does not log in, and played by strict bots
// that complain of whatever the original's client would have crashed at. Nothing of it is known to the servers.

/** What a rigged game costs all server processes together, over real sockets. */
@Command(
        name = "rigged",
        description = "Processor time of all servers for a game of OpenPoker's own test, over real sockets.")
final class RiggedBench extends Bench {
    private static final int PLACES = 5_000;
    /** Of which each process needs some for itself. */
    private static final int DESCRIPTORS = 1_000;

    private static final int WARM_AT_ONCE = 100;
    private static final long IDLE_MILLIS = 5_000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String ORIGINAL = "17-27";

    @Spec
    private CommandSpec spec;

    @Option(names = "--games", description = "Measured (default ${DEFAULT-VALUE}).", defaultValue = "500")
    private int games;

    @Option(names = "--at-once", description = "Games at a time (default ${DEFAULT-VALUE}).", defaultValue = "100")
    private int atOnce;

    @Option(names = "--warm-up", description = "Games before (default ${DEFAULT-VALUE}).", defaultValue = "500")
    private int warmUp;

    @Option(
            names = "--servers",
            description = "Game servers; 0 for two, or as many as have the places (default ${DEFAULT-VALUE}).",
            defaultValue = "0")
    private int servers;

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        if (games < 1 || atOnce < 1 || warmUp < 0) {
            throw new ParameterException(spec.commandLine(), "at least one game, and one at a time");
        }
        int atOnceNow = Math.min(atOnce, games);
        int nodes = servers == 0 ? serversFor(atOnceNow) : servers;
        Optional<String> refusal = refusal(atOnceNow, nodes, descriptors());
        if (refusal.isPresent()) {
            throw new ParameterException(spec.commandLine(), refusal.get());
        }
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        try (PokerTown town = PokerTown.launch(nodes)) {
            new Run(town, nodes, atOnceNow).all(figures);
        }
        return figures;
    }

    /** Who plays and who watches has a place each, and clients are drawn to servers by chance. */
    private static int serversFor(int atOnce) {
        return Math.max(2, (atOnce * 8 + PLACES - 1) / PLACES);
    }

    /** Why so many servers do not bear so many games at once, if each process may have so many descriptors. */
    static Optional<String> refusal(int atOnce, int nodes, long descriptors) {
        int needed = serversFor(atOnce);
        if (nodes < needed) {
            return Optional.of("%d games at once need %d game servers, each of %d places (gate.places)"
                    .formatted(atOnce, needed, PLACES));
        }
        long ofServer = DESCRIPTORS + 10L * atOnce / nodes;
        if (descriptors < ofServer) {
            return Optional.of(
                    "ulimit -n is %d, and each of %d game servers needs %d descriptors for its share of %d games at once: raise it (ulimit -n %d), or say more --servers or less --at-once"
                            .formatted(descriptors, nodes, ofServer, atOnce, ofServer));
        }
        return Optional.empty();
    }

    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /** One town, and its games. */
    private final class Run {
        private final PokerTown town;
        private final int nodes;
        private final int atOnceNow;
        private final int sets;

        Run(PokerTown town, int nodes, int atOnceNow) {
            this.town = town;
            this.nodes = nodes;
            this.atOnceNow = atOnceNow;
            // An account that has just left a game is not in the next one.
            this.sets = Math.min(games + warmUp, 3 * Math.max(atOnceNow, WARM_AT_ONCE));
        }

        void all(Map<String, @Nullable Object> figures) throws IOException, InterruptedException {
            figures.put("pids", town.pids());
            town.enroll(accounts(), "--password", "foo");
            say(sets + " sets of accounts; " + warmUp + " games to warm up");
            Played warm = played(0, warmUp, Math.min(WARM_AT_ONCE, Math.max(1, warmUp)));
            double idle = idleCpu();
            say(games + " games, " + atOnceNow + " at once");
            double before = town.cpuSeconds();
            Map<String, Double> each = cpuOfEach();
            long begun = System.nanoTime();
            Played played = played(warmUp, games, atOnceNow);
            double seconds = (System.nanoTime() - begun) / 1e9;
            double cpu = town.cpuSeconds() - before;
            figures.put("games", games);
            figures.put("at_once", atOnceNow);
            figures.put("servers", nodes);
            figures.put("players_per_game", rounded(players(), 2));
            figures.put("passed", played.passed);
            figures.put("failed", played.failed + warm.failed);
            figures.put("seconds", rounded(seconds, 1));
            figures.put("games_per_second", rounded(games / seconds, 1));
            figures.put("server_cpu_ms_per_game", rounded(cpu * 1e3 / games, 2));
            figures.put("idle_cpu_ms_per_second", rounded(idle * 1e3, 1));
            figures.put("client_cpu_ms_per_game", rounded(played.cpuMillis / (double) games, 2));
            figures.put("cpu_ms_per_game_by_node", spent(each));
            figures.put("original_cpu_ms_per_game", ORIGINAL);
            if (played.failed + warm.failed > 0) {
                throw new IOException((played.failed + warm.failed) + " games did not end as they have to; logs are in "
                        + town.dir() + ": " + figures);
            }
            town.hasServed();
        }

        private Map<String, Double> cpuOfEach() throws IOException {
            Map<String, Double> each = new LinkedHashMap<>();
            for (var node : town.pids().entrySet()) {
                each.put(node.getKey(), new Proc(node.getValue()).cpuSeconds());
            }
            return each;
        }

        private Map<String, Double> spent(Map<String, Double> before) throws IOException {
            Map<String, Double> spent = new LinkedHashMap<>();
            for (var node : cpuOfEach().entrySet()) {
                double seconds = node.getValue() - before.getOrDefault(node.getKey(), 0.0);
                spent.put(node.getKey(), rounded(seconds * 1e3 / games, 2));
            }
            return spent;
        }

        private double players() {
            long sum = 0;
            for (int i = 0; i < games; i++) {
                sum += RiggedDeal.seats(warmUp + i);
            }
            return sum / (double) games;
        }

        private double idleCpu() throws IOException, InterruptedException {
            double before = town.cpuSeconds();
            TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
            return (town.cpuSeconds() - before) * 1e3 / IDLE_MILLIS;
        }

        private List<String> accounts() {
            int[] most = new int[sets];
            for (int game = 0; game < games + warmUp; game++) {
                most[game % sets] = Math.max(most[game % sets], RiggedDeal.seats(game));
            }
            List<String> lines = new ArrayList<>();
            for (int set = 0; set < sets; set++) {
                for (int seat = 1; seat <= most[set]; seat++) {
                    lines.add(RiggedDeal.nick(Share.nicks(set), seat) + ",100000");
                }
            }
            return lines;
        }

        /** By so many processes that none has too many descriptors. */
        private Played played(int first, int count, int most) throws IOException, InterruptedException {
            long able = (descriptors() - DESCRIPTORS) / RiggedPlayers.SOCKETS_OF_A_GAME;
            int processes = (int) ((most + able - 1) / able);
            List<OtherProcess> all = new ArrayList<>();
            try {
                for (int i = 0; i < processes; i++) {
                    Share share = new Share(
                            town.gateway().getPort(),
                            first + i,
                            processes,
                            (count - i + processes - 1) / processes,
                            (most + processes - 1) / processes,
                            sets);
                    all.add(OtherProcess.ofClass(RiggedPlayers.class, share.words()));
                }
                Played sum = new Played(0, 0, 0);
                for (OtherProcess each : all) {
                    List<String> words = each.words(PATIENCE);
                    sum = sum.and(new Played(
                            Integer.parseInt(words.get(0)),
                            Integer.parseInt(words.get(1)),
                            Long.parseLong(words.get(2))));
                }
                return sum;
            } finally {
                all.forEach(OtherProcess::close);
            }
        }
    }

    private record Played(int passed, int failed, long cpuMillis) {
        Played and(Played other) {
            return new Played(passed + other.passed, failed + other.failed, cpuMillis + other.cpuMillis);
        }
    }
}
