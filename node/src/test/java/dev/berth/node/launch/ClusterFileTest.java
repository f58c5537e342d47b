package dev.berth.node.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.ServicePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

// Files are written and read, the example among them. What is wrong in them must be answered with the line, the key,
// what was found and what was wanted.
class ClusterFileTest {
    private static final JavaCommand JAVA =
            new JavaCommand(Path.of("/jdk/bin/java"), List.of("-XX:+UseSerialGC"), "berth.jar");

    @TempDir
    Path directory;

    @Test
    void theSmallestFile_hasDefaults() throws Exception {
        var file = read("cluster = harbor");

        assertThat(file.state()).isEqualTo(directory.resolve(".berth/harbor"));
        assertThat(file.secretFile()).isEqualTo(directory.resolve("harbor.secret"));
        assertThat(file.coordinator().connection()).isEqualTo("127.0.0.1:2181");
        assertThat(file.masters()).containsExactly(new HostPort("127.0.0.1", 7401));
        assertThat(file.timings()).isEqualTo(Profile.DEFAULT);
        assertThat(file.grace()).isEqualTo(Duration.ofSeconds(10));
        assertThat(names(file)).containsExactly("coordinator", "master-1");
    }

    @Test
    void theExample_isUnderstood() throws Exception {
        var file = ClusterFile.read(example());

        assertThat(file.services()).containsExactly(ServicePlan.plain("kv", 3));
        assertThat(names(file))
                .containsExactly(
                        "coordinator", "master-1", "master-2", "store", "game-1", "game-2", "game-3", "game-4");
        assertThat(file.nodes().getLast().offers()).containsExactly(new Offer("kv", 1, true));
        // It can be started as it is.
        assertThat(Class.forName(file.nodes().getLast().mainClass()).getMethod("main", String[].class))
                .isNotNull();
    }

    @Test
    void theExampleOfSimpleDb_canBeStarted() throws Exception {
        var file = ClusterFile.read(example().resolveSibling("simpledb.conf"));

        assertThat(names(file))
                .containsExactly("coordinator", "master-1", "master-2", "store", "db-1", "db-2", "agent-1", "agent-2");
        assertThat(file.nodes().getLast().args()).containsExactly("127.0.0.1:7602");
        assertThat(Class.forName(file.nodes().getLast().mainClass()).getMethod("main", String[].class))
                .isNotNull();
    }

    private ClusterFile game() throws IOException, ClusterFileException {
        return read("""
            cluster = harbor
            masters = 2
            services.role = 4
            services.gate { capacity = 2, buckets = 64 }
            nodes {
              store { kind = store }
              game {
                kind = worker, count = 4, class = org.example.Game, args = [--number, "{n}", "{here}/pages"]
                services { role = 1, gate = standby }
              }
            }
            """);
    }

    @Test
    void servicesOffersAndArguments_areRead() throws Exception {
        var file = game();

        assertThat(file.services()).containsExactly(ServicePlan.plain("role", 4), ServicePlan.bucketed("gate", 2, 64));
        var game = file.nodes().getLast();
        assertThat(game.offers()).containsExactlyInAnyOrder(new Offer("role", 1, false), new Offer("gate", 1, true));
        assertThat(game.args()).containsExactly("--number", "4", directory + "/pages");
    }

    @Test
    void aPlan_isATable_orJson() throws Exception {
        var file = game();
        var plan = LaunchPlan.of(file, JAVA, "up-1");

        assertThat(PlanText.table(file, plan))
                .contains("cluster      harbor", "services     role=4, gate=2/64")
                .containsPattern("(?m)^master-2 +master +127.0.0.1:7402$")
                .containsPattern("(?m)^game-4 +worker +127.0.0.1:0 +org.example.Game gate=1:standby, role=1$");
        var json = ConfigFactory.parseString(PlanText.json(file, plan));
        assertThat(json.getString("cluster")).isEqualTo("harbor");
        assertThat(json.getConfigList("nodes").get(3).getStringList("command"))
                .containsSubsequence(
                        "tool", "store", file.state().resolve("store").toString())
                .containsSubsequence("--listen", "127.0.0.1:7300", "--cluster", "harbor", "--secret-file");
    }

    @Test
    void threeMasters_bringThreeCoordinators() throws Exception {
        var file = read("cluster = harbor\nmasters = 3\ncoordinator.port = 3181");

        assertThat(file.coordinator().connection()).isEqualTo("127.0.0.1:3181,127.0.0.1:3182,127.0.0.1:3183");
        assertThat(LaunchPlan.of(file, JAVA, "up-1").items().getFirst().command())
                .containsSubsequence("--port", "3181", "--servers")
                .contains("127.0.0.1:3282:3382,127.0.0.1:3283:3383,127.0.0.1:3284:3384")
                .containsSubsequence("--id", "1", "--new");

        var written = Files.createDirectories(file.state().resolve("coordinator/2/data/version-2"));
        assertThat(LaunchPlan.of(file, JAVA, "up-1").items().getFirst().command())
                .contains("--new");
        Files.createFile(written.resolve("snapshot.0"));
        assertThat(LaunchPlan.of(file, JAVA, "up-1").items().getFirst().command())
                .doesNotContain("--new");
    }

    @Test
    void aServerOfAnEnsemble_foundsOnlyAtItsFirstStart() throws Exception {
        var first = LaunchPlan.of(read("cluster = harbor\nmasters = 3"), JAVA, "up-1")
                .items()
                .getFirst();

        assertThat(first.command()).contains("--new");
        assertThat(first.again().command())
                .doesNotContain("--new")
                .hasSize(first.command().size() - 1);
    }

    @Test
    @Tag("S3.7")
    void severalMasters_areListed_andThoseElsewhereAreNotStarted() throws Exception {
        // 192.0.2.1 belongs to the range that is kept for examples: no machine has it.
        var file = read("""
            cluster = harbor
            coordinator = "192.0.2.1:2181,192.0.2.2:2181"
            masters = ["127.0.0.1:9001", "192.0.2.1:9001", "127.0.0.1:9002"]
            nodes.second { kind = master, listen = "127.0.0.1:9002", jvm = [-Xmx64m] }
            """);

        assertThat(file.coordinator()).isEqualTo(new CoordinatorSpec.Existing("192.0.2.1:2181,192.0.2.2:2181"));
        assertThat(names(file)).containsExactly("master-1", "second");
        assertThat(LaunchPlan.of(file, JAVA, "up-1").items().getLast().environment())
                .containsEntry("BERTH_MASTERS", "127.0.0.1:9001,192.0.2.1:9001,127.0.0.1:9002");
    }

    /** Each right in itself, and wrong together: said when the file is checked on a machine. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "masters = 1; coordinator.port = 7401 | nodes coordinator and master-1 would both listen on"
                        + " 127.0.0.1:7401",
                "masters = 3; coordinator.port = 7197 | nodes coordinator-3 (for its peers) and s would both listen on"
                        + " 127.0.0.1:7300",
                "masters = [\"localhost:7300\"] | nodes master-1 and s would both listen on 127.0.0.1:7300",
                "nodes.t { kind = store } | nodes s and t would both listen on 127.0.0.1:7300",
                "nodes.t { kind = store, listen = \"0.0.0.0:7300\" } | nodes s and t would both listen on 0.0.0.0:7300",
                "nodes.t { kind = store, listen = \"127.0.0.1:7\", http = \"127.0.0.1:7300\" } | s and t (its key"
                        + " http)",
                "masters = [\"192.0.2.1:1\"] | coordinator.host 127.0.0.1 is an address that no other machine reaches",
                "masters = [\"192.0.2.1:1\"]; coordinator = \"z:1\" | stores: 127.0.0.1:7300 is an address that no"
                        + " other",
                "masters = [\"192.0.2.1:1\"]; coordinator = \"z:1\"; nodes.s.listen = \"0.0.0.0:7300\"; nodes.w { kind"
                    + " = worker; class = x } | listen of w, 127.0.0.1:0, is an address that no other machine reaches",
            })
    void addressesThatCannotWork_areRefused(String content, String complaint) throws Exception {
        var file = read("cluster = a\nnodes.s { kind = store }\n" + content.replace("; ", "\n"));

        assertThatThrownBy(() -> AddressCheck.check(file))
                .isInstanceOf(ClusterFileException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void addressesOfTheExample_andOfOneForManyMachines_pass() throws Exception {
        AddressCheck.check(ClusterFile.read(example()));
        AddressCheck.check(read("cluster = a\nmasters = 3"));
        AddressCheck.check(read("""
            cluster = a
            coordinator = "192.0.2.1:2181"
            masters = ["192.0.2.1:7300", "192.0.2.2:7300"]
            nodes.s { kind = store, listen = "192.0.2.3:7300" }
            nodes.w { kind = worker, class = x.W, listen = "0.0.0.0:0" }
            """));
        // What a class path of its own brings along is not known here.
        Files.createFile(directory.resolve("own.jar"));
        assertThat(read("cluster = a\nnodes.g { kind = command, jar = own.jar, args = [own] }")
                        .nodes())
                .hasSize(2);
    }

    @Test
    void storesOfOtherMachines_areListed_andWorkersAreToldOfThem() throws Exception {
        var file = read("""
            cluster = harbor
            stores = ["192.0.2.1:7300"]
            nodes.game { kind = worker, class = x.Game }
            """);

        assertThat(LaunchPlan.of(file, JAVA, "up-1").items().getLast().environment())
                .containsEntry("BERTH_STORES", "192.0.2.1:7300");
    }

    @Test
    void whatIsSaid_arrivesInTheNode() throws Exception {
        var file = ClusterFile.read(example());
        var item = LaunchPlan.of(file, JAVA, "up-1").items().getLast();

        var told = NodeEnvironment.of(item.environment()).orElseThrow();

        assertThat(told.name()).isEqualTo("game-4");
        assertThat(told.launcher()).isEqualTo("up-1");
        assertThat(told.cluster()).isEqualTo("harbor");
        assertThat(told.secretFile()).isEqualTo(file.secretFile());
        assertThat(told.masters()).isEqualTo(file.masters());
        assertThat(told.services()).isEqualTo(file.services());
        assertThat(told.offers()).isEqualTo(file.nodes().getLast().offers());
        assertThat(told.stores()).containsExactly(new HostPort("127.0.0.1", 7300));
        assertThat(NodeEnvironment.of(Map.of())).isEmpty();
        assertThatThrownBy(() -> NodeEnvironment.of(Map.of("BERTH_LAUNCHER", "up-1")))
                .hasMessageContaining("BERTH_CLUSTER");
    }

    @Test
    void aJar_comesBeforeBerthsOwnClasses() throws Exception {
        var jar = Files.createFile(directory.resolve("game.jar"));
        var file = read("cluster = harbor\nnodes.game { kind = worker, jar = game.jar, class = x.Game }");

        assertThat(LaunchPlan.of(file, JAVA, "up-1").items().getLast().command())
                .containsExactly(
                        "/jdk/bin/java",
                        "-XX:+UseSerialGC",
                        "-cp",
                        jar + ":berth.jar",
                        NodeMain.class.getName(),
                        "class",
                        "x.Game");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "clutser = a | :1: clutser: unknown key; did you mean cluster?",
                "timings = fast | the key cluster is missing",
                "cluster = A | :1: cluster: got \"A\", wanted 1 to 63 of a-z",
                "cluster = a; nodes.g { kind = worker; class = x; cuont = 2 } | :4: nodes.g.cuont: unknown key; did"
                        + " you mean count?",
                "cluster = a; nodes.g { kind = wroker } | :2: nodes.g.kind: got \"wroker\", wanted one of master,"
                        + " store, worker, command; did you mean worker?",
                "cluster = a; nodes.g { class = x } | nodes.g: the key kind is missing",
                "cluster = a; nodes.g { kind = worker } | nodes.g: a worker needs class",
                "cluster = a; nodes.g { kind = worker; jar = no.jar } | nodes.g.jar: got \"no.jar\", wanted a jar or"
                        + " directory that exists",
                "cluster = a; nodes.g { kind = worker; jar = bad.jar } | nodes.g.jar: got \"bad.jar\", wanted a jar"
                        + " that can be read",
                "cluster = a; nodes.g { kind = store; class = x } | nodes.g.class: a node of kind store has no use for"
                        + " this key",
                "cluster = a; nodes.g { kind = command } | nodes.g: a command needs args",
                "cluster = a; nodes.g { kind = command, args = [stor] } | nodes.g: there is no command stor; did you"
                        + " mean store?",
                "cluster = a; nodes.g { kind = master } | nodes.g: a master needs listen",
                "cluster = a; nodes.\"G 1\" { kind = store } | \"G 1\" cannot name a node",
                "cluster = a; nodes.master-1 { kind = store } | two nodes would be named master-1",
                "cluster = a; nodes.g { kind = worker; class = x; count = 0 } | nodes.g.count: got 0, wanted a whole"
                        + " number, 1 to 256",
                "cluster = a; nodes.g { kind = worker; class = x; count = 2; listen = \"a:5\" } | nodes.g.listen: got"
                        + " \"a:5\", wanted port 0",
                "cluster = a; nodes.g { kind = worker; class = x; args = 3 } | nodes.g.args: got 3, wanted a list",
                "cluster = a; services.role = 3; nodes.g { kind = worker; class = x; services.rule = 1 } |"
                        + " nodes.g.services.rule: the file plans no such service; did you mean role?",
                "cluster = a; services.role = 3; nodes.g { kind = worker; class = x; services.role = maybe } |"
                        + " nodes.g.services.role: got \"maybe\", wanted a number of slots, or standby",
                "cluster = a; services.role = 0 | :2: services.role: got 0, wanted a whole number, 1 to 65535",
                "cluster = a; services.role = 1.5 | services.role: got 1.5, wanted a whole number",
                "cluster = a; services.role { capacity = 9, buckets = 4 } | buckets is 0 (plain) or lies between the"
                        + " capacity 9",
                "cluster = a; services.role { buckets = 4 } | services.role: got {\"buckets\":4}, wanted a capacity",
                "cluster = a; masters = many | :2: masters: got \"many\", wanted a count, 0 to 7, or a list of"
                        + " HOST:PORT",
                "cluster = a; masters = 8 | masters: got 8, wanted a whole number, 0 to 7",
                "cluster = a; masters = [\"a:1\", nowhere] | masters[1]: got \"nowhere\", wanted HOST:PORT",
                "cluster = a; masters = [\"a:1\", \"a:1\"] | wanted every master once",
                "cluster = a; stores = [nowhere] | stores[0]: got \"nowhere\", wanted HOST:PORT",
                "cluster = a; stores = [\"a:1\"]; nodes.s { kind = store } | wanted every store of the cluster, so"
                        + " 127.0.0.1:7300 of nodes.s too",
                "cluster = a; coordinator = zk | coordinator: got \"zk\", wanted HOST:PORT,HOST:PORT",
                "cluster = a; coordinator = \"zk:2181/x\" | coordinator: got \"zk:2181/x\", wanted"
                        + " HOST:PORT,HOST:PORT,... of ZooKeeper servers without a path",
                "cluster = a; coordinator.prot = 5 | coordinator.prot: unknown key; did you mean port?",
                "cluster = a; coordinator.port = 70000 | coordinator.port: got 70000, wanted a whole number, 1 to",
                "cluster = a; coordinator.servers = 2 | coordinator.servers: got 2, wanted 1, 3, 5 or 7",
                "cluster = a; timings = quick | timings: got \"quick\", wanted default or fast",
                "cluster = a; grace = 5 | grace: got 5, wanted a duration with a unit, 100ms to 600s",
                "cluster = a; grace = 1h | grace: got \"1h\", wanted a duration",
                "cluster = a; logs.size = 5 | logs.size: got 5, wanted a size such as 10MiB",
                "cluster = a; nodes = 5 | nodes: got 5, wanted an object",
                "cluster = a; state = ${NO_SUCH_VARIABLE_HERE} | set it in the file or in the environment",
                "cluster = a; nodes { | cluster.conf: 2: expecting a close",
            })
    void whatIsWrong_isNamedWithItsPlace(String content, String complaint) throws IOException {
        Files.writeString(directory.resolve("bad.jar"), "no jar");

        assertThatThrownBy(() -> read(content.replace("; ", "\n")))
                .isInstanceOf(ClusterFileException.class)
                .hasMessageContaining("cluster.conf")
                .hasMessageContaining(complaint);
    }

    @Test
    void aNodeThatFindsEverySlotTaken_isNotStartedOverAndOver() {
        assertThatThrownBy(() -> read("""
            cluster = a
            services.role = 2
            nodes.g { kind = worker, count = 2, class = x, services.role = 2 }
            """))
                .isInstanceOf(ClusterFileException.class)
                .hasMessageContaining("services.role has a capacity of 2, which the nodes before g-2 fill")
                .hasMessageContaining("{ slots = 2, standby = true }");
    }

    @Test
    void aFileThatIsNotThere_isSaid() {
        assertThatThrownBy(() -> ClusterFile.read(directory.resolve("none.conf")))
                .isInstanceOf(ClusterFileException.class)
                .hasMessageContaining("none.conf is no file")
                .hasMessageContaining("examples/harbor.conf");
    }

    @Test
    void addresses() {
        assertThat(HostPort.parse("[::1]:80", 1)).contains(new HostPort("::1", 80));
        assertThat(new HostPort("::1", 80)).hasToString("[::1]:80");
        assertThat(HostPort.parse("::1:80", 1)).isEmpty();
        assertThat(HostPort.parse("a:0", 1)).isEmpty();
        assertThat(HostPort.parse("a:65536", 0)).isEmpty();
    }

    private ClusterFile read(String content) throws IOException, ClusterFileException {
        return ClusterFile.read(Files.writeString(directory.resolve("cluster.conf"), content));
    }

    private static List<String> names(ClusterFile file) throws IOException {
        return LaunchPlan.of(file, JAVA, "up-1").items().stream()
                .map(LaunchPlan.Item::name)
                .toList();
    }

    private static Path example() {
        var here = Path.of("").toAbsolutePath();
        var checkout = Files.exists(here.resolve("examples")) ? here : here.resolveSibling("");
        return checkout.resolve("examples").resolve("harbor.conf");
    }
}
