package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.protocol.Protocol;
import dev.berth.node.launch.NodeMain;
import dev.berth.node.launch.Profile;
import dev.berth.node.link.Secret;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.operate.NoAnswerException;
import dev.berth.node.operate.Operator;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

// Coordinator, two masters, a store and three workers, each in a network of its own, under leases of two seconds.
// Lines between them are cut, in one direction or in both, for three leases, and healed. The callers keep on calling
// and remember what they were told; at the end it is compared with what is there.

/**
 * Partitions between network namespaces. Needs root on Linux: {@code mvn -pl lab -am test -Pfaults -Dtest=PartitionTest
 * -Dsurefire.failIfNoSpecifiedTests=false}; about four minutes.
 */
@EnabledIfSystemProperty(named = "berth.faults", matches = "true")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class PartitionTest {
    private static final String CLUSTER = "islands";
    private static final int SLOTS = 3;
    private static final List<String> MASTERS = List.of("master-1", "master-2");
    private static final List<String> WORKERS = List.of("worker-1", "worker-2", "worker-3");
    private static final Duration LONG = Duration.ofMinutes(1);
    /** How long a cut lasts: three leases. */
    private static final Duration CUT = Duration.ofSeconds(6);
    /** After healing everybody is answered within: lapse, take-over wait, a barrier, redialling; and a busy machine. */
    private static final Duration BOUND = Duration.ofSeconds(40);

    private static final Pattern ZOMBIE = Pattern.compile("zombie tried=(\\d+) accepted=(\\d+)");

    @TempDir
    Path dir;

    private final Map<String, Duration> gaps = new TreeMap<>();

    private record Cut(String what, List<List<String>> lines) {}

    @Test
    @Tag("S2.6")
    void linesAreCutAndHealed_nothingAcknowledgedIsLost_andCallsGoOn() throws Exception {
        List<String> names = new ArrayList<>(List.of("coordinator", "store"));
        names.addAll(MASTERS);
        names.addAll(WORKERS);
        try (Islands islands = new Islands(names);
                Crew crew = new Crew(dir)) {
            Path secretFile = Files.writeString(dir.resolve("secret"), "a secret of the tests, long enough");
            start(islands, crew, secretFile);
            Secret secret = Secret.ofFile(secretFile);
            List<InetSocketAddress> masters = MASTERS.stream()
                    .map(name -> new InetSocketAddress(islands.address(name), 7401))
                    .toList();
            try (Operator operator = new Operator(TransportConfig.of(CLUSTER, secret, Protocol.VERSIONS), masters);
                    Node gate = Node.start(NodeConfig.of(CLUSTER, secret, "callers", masters)
                            .withTimings(Profile.FAST.timings())
                            .withListen(new InetSocketAddress(islands.mainland(), 0)));
                    Passengers passengers = new Passengers(gate, "kv", SLOTS, 4)) {
                passengers.awaitEverybody(LONG);
                for (int round = 0; ; round++) {
                    List<Cut> cuts = cuts(operator);
                    if (round == cuts.size()) {
                        break;
                    }
                    apart(islands, passengers, cuts.get(round));
                }
                assertThat(passengers.end(operator.history(LONG)))
                        .as(passengers + " " + gaps)
                        .isEmpty();
                assertThat(passengers.done.get()).isGreaterThan(1_000);
                zombies(crew);
                System.out.println("partitions: " + passengers + " answered again after " + gaps);
            } catch (AssertionError failed) {
                names.forEach(name -> System.err.println("---- " + name + "\n" + tail(crew, name)));
                throw failed;
            }
        }
    }

    private void apart(Islands islands, Passengers passengers, Cut cut) throws Exception {
        long before = passengers.done.get();
        for (List<String> line : cut.lines()) {
            islands.cut(line.get(0), line.get(1));
        }
        TimeUnit.NANOSECONDS.sleep(CUT.toNanos());
        long during = passengers.done.get() - before;
        islands.heal();
        try {
            gaps.put(cut.what(), Duration.ofNanos(passengers.awaitEverybody(BOUND)));
        } catch (AssertionError late) {
            throw new AssertionError(cut + ", " + during + " calls meanwhile: " + late.getMessage(), late);
        }
    }

    /** With who owns and who leads just now. */
    private static List<Cut> cuts(Operator operator) throws Exception {
        ClusterMessage.Status status = settled(operator);
        View view = status.view().toView();
        String owner = owner(view, 1);
        String other =
                WORKERS.stream().filter(name -> !name.equals(owner)).findFirst().orElseThrow();
        String leader = "master-" + status.leader().replaceAll("\\D", "");
        List<Cut> cuts = new ArrayList<>();
        cuts.add(new Cut("owner | masters", bothWays(owner, MASTERS)));
        cuts.add(new Cut("owner > masters", oneWay(owner, MASTERS)));
        cuts.add(new Cut("masters > owner", reversed(oneWay(owner, MASTERS))));
        cuts.add(new Cut("owner | worker", bothWays(owner, List.of(other))));
        cuts.add(new Cut("owner | store", bothWays(owner, List.of("store"))));
        cuts.add(new Cut("owner > store", oneWay(owner, List.of("store"))));
        cuts.add(new Cut("store > owner", oneWay("store", List.of(owner))));
        cuts.add(new Cut("leader | coordinator", bothWays(leader, List.of("coordinator"))));
        cuts.add(new Cut("leader > coordinator", oneWay(leader, List.of("coordinator"))));
        cuts.add(new Cut("coordinator > leader", oneWay("coordinator", List.of(leader))));
        List<String> authorities = new ArrayList<>(MASTERS);
        authorities.add("coordinator");
        cuts.add(new Cut("owner | masters and coordinator", bothWays(owner, authorities)));
        cuts.add(new Cut("masters and coordinator > owner", reversed(oneWay(owner, authorities))));
        return cuts;
    }

    private static List<List<String>> oneWay(String from, List<String> others) {
        return others.stream().map(to -> List.of(from, to)).toList();
    }

    private static List<List<String>> reversed(List<List<String>> lines) {
        return lines.stream().map(List::reversed).toList();
    }

    private static List<List<String>> bothWays(String one, List<String> others) {
        List<List<String>> lines = new ArrayList<>(oneWay(one, others));
        lines.addAll(reversed(oneWay(one, others)));
        return lines;
    }

    /** Every slot runs at somebody who is listed. */
    private static ClusterMessage.Status settled(Operator operator) throws Exception {
        long end = System.nanoTime() + LONG.toNanos();
        while (System.nanoTime() < end) {
            try {
                ClusterMessage.Status status = operator.status(LONG);
                View view = status.view().toView();
                if (List.of(1, 2, 3).stream()
                        .allMatch(slot -> !owner(view, slot).isEmpty())) {
                    return status;
                }
            } catch (NoAnswerException nobody) {
                throw new AssertionError(nobody);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError("the slots do not run");
    }

    private static String owner(View view, int slot) {
        if (view.slot(new SlotId("kv", slot)) instanceof SlotState.Running running) {
            Listing owner = view.member(running.owner().node());
            return owner == null ? "" : owner.name();
        }
        return "";
    }

    private static void start(Islands islands, Crew crew, Path secretFile) throws Exception {
        String coordinator = islands.address("coordinator") + ":2181";
        String store = islands.address("store") + ":7300";
        String masters = islands.address("master-1") + ":7401," + islands.address("master-2") + ":7401";
        Path dir = secretFile.resolveSibling("data");
        crew.start(new Crew.Hand(
                "coordinator",
                islands.inside("coordinator"),
                tool("coordinator", "--dir", dir + "/zk", "--host", islands.address("coordinator"), "--port", "2181"),
                Map.of()));
        crew.start(new Crew.Hand(
                "store",
                islands.inside("store"),
                tool(
                        "store",
                        dir + "/store",
                        "--listen",
                        store,
                        "--cluster",
                        CLUSTER,
                        "--secret-file",
                        secretFile.toString()),
                Map.of()));
        for (String name : MASTERS) {
            crew.start(new Crew.Hand(
                    name,
                    islands.inside(name),
                    tool("master"),
                    environment(name, islands.address(name) + ":7401", "", coordinator, masters, store, secretFile)));
        }
        for (String name : WORKERS) {
            crew.start(new Crew.Hand(
                    name,
                    islands.inside(name),
                    List.of(NodeMain.CLASS, "dev.berth.node.demo.DemoWorker"),
                    environment(
                            name,
                            islands.address(name) + ":7500",
                            "kv=" + SLOTS + ":standby",
                            coordinator,
                            masters,
                            store,
                            secretFile)));
        }
    }

    private static List<String> tool(String name, String... words) {
        List<String> program = new ArrayList<>(List.of(NodeMain.TOOL, name));
        program.addAll(List.of(words));
        return program;
    }

    private static Map<String, String> environment(
            String name,
            String listen,
            String offers,
            String coordinator,
            String masters,
            String store,
            Path secretFile) {
        Map<String, String> all = new TreeMap<>();
        all.put("BERTH_CLUSTER", CLUSTER);
        all.put("BERTH_SECRET_FILE", secretFile.toString());
        all.put("BERTH_NAME", name);
        all.put("BERTH_LAUNCHER", "tests");
        all.put("BERTH_MASTERS", masters);
        all.put("BERTH_COORDINATOR", coordinator);
        all.put("BERTH_TIMINGS", Profile.FAST.word());
        all.put("BERTH_LISTEN", listen);
        all.put("BERTH_HTTP", "127.0.0.1:0");
        all.put("BERTH_OFFERS", offers);
        all.put("BERTH_SERVICES", "kv=" + SLOTS);
        all.put("BERTH_STORES", store);
        all.put("BERTH_DIR", secretFile.resolveSibling(name).toString());
        return all;
    }

    /** Whoever was expelled wrote under its old epochs, and was refused each time. */
    private static void zombies(Crew crew) throws Exception {
        int tried = 0;
        for (String worker : WORKERS) {
            Matcher zombie = ZOMBIE.matcher(crew.said(worker));
            while (zombie.find()) {
                tried += Integer.parseInt(zombie.group(1));
                assertThat(zombie.group(2)).as(worker).isEqualTo("0");
            }
        }
        assertThat(tried).as("writes of those who were expelled").isPositive();
    }

    private static String tail(Crew crew, String name) {
        try {
            String said = crew.said(name);
            return said.substring(Math.max(0, said.length() - 4_000));
        } catch (java.io.IOException unreadable) {
            return unreadable.toString();
        }
    }
}
