package dev.berth.node.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.core.cluster.Durable;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// `berth coordinator` and masters as processes that are killed with -9, frozen and started again. What happened is
// read from the record in the coordinator, and from the lines that the processes print.
class CoordinatorProcessTest {
    @TempDir
    Path dir;

    private final List<AutoCloseable> closing = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : closing.reversed()) {
            each.close();
        }
    }

    private JavaProcess coordinator(String... args) throws IOException {
        return started(new JavaProcess(CoordinatorMain.class, args));
    }

    private JavaProcess master(String servers, String name) throws IOException {
        return started(new JavaProcess(MasterMain.class, servers, name));
    }

    private JavaProcess started(JavaProcess process) {
        closing.add(process);
        return process;
    }

    private Records records(String servers) {
        Records records = new Records(new CoordinatorConfig(servers, "test", CoordinatorConfig.SESSION_MILLIS));
        closing.add(records);
        return records;
    }

    private String dir(String name) {
        return dir.resolve(name).toString();
    }

    @Test
    @Tag("S2.14")
    @Tag("S4.18")
    void leaderKilledOrFrozen_theOtherTakesOver_withAGreaterElectionAndTerm() throws Exception {
        JavaProcess server = coordinator("--dir", dir("zk"), "--port", "0");
        String address = server.awaitServing();
        Records records = records(address);
        JavaProcess first = master(address, "m1");
        Durable one = records.awaitLeader("m1");
        JavaProcess second = master(address, "m2");
        records.awaitRenewal();

        first.freeze();
        Durable two = records.awaitLeader("m2");
        assertThat(two.term().election()).isGreaterThan(one.term().election());
        assertThat(two.term().term()).isGreaterThan(one.term().term());
        first.thaw();
        // Thawed, it does not take the record back: its successor renews.
        assertThat(records.awaitRenewal().term().leader()).isEqualTo("m2");

        second.kill();
        Durable three = records.awaitLeader("m1");
        assertThat(three.term().election()).isGreaterThan(two.term().election());
        assertThat(three.term().term()).isGreaterThan(two.term().term());
    }

    @Test
    void coordinatorKilledAndStartedAgain_keepsTheRecord_andTheMasterGoesOn() throws Exception {
        int port = Ports.free(1)[0];
        String[] args = {"--dir", dir("zk"), "--port", String.valueOf(port)};
        JavaProcess server = coordinator(args);
        String address = server.awaitServing();
        Records records = records(address);
        master(address, "m1");
        Durable before = records.awaitLeader("m1");

        server.kill();
        coordinator(args).awaitServing();

        Durable after = records.awaitRenewal();
        assertThat(after.term().leader()).isEqualTo("m1");
        assertThat(after.term().term()).isGreaterThanOrEqualTo(before.term().term());
        assertThat(after.termVersion()).isGreaterThan(before.termVersion());
    }

    @Test
    void threeServers_goOnWithTwo() throws Exception {
        Ensemble ensemble = new Ensemble();
        List<JavaProcess> servers = new ArrayList<>();
        for (int id = 1; id <= 3; id++) {
            servers.add(ensemble.start(id, "--new"));
        }
        for (JavaProcess server : servers) {
            server.awaitServing();
        }
        Records records = records(ensemble.addresses());
        master(ensemble.addresses(), "m1");
        records.awaitLeader("m1");

        servers.get(2).kill();
        records.awaitRenewal();
        ensemble.start(3).awaitServing();
        servers.get(0).kill();

        assertThat(records.awaitRenewal().term().leader()).isEqualTo("m1");
    }

    @Test
    void grown_fromOneToThree_keepsTheRecord_andNoEmptyServerOutvotesIt() throws Exception {
        Ensemble ensemble = new Ensemble();
        JavaProcess alone = coordinator("--dir", ensemble.dir(1), "--port", String.valueOf(ensemble.port(1)));
        String address = alone.awaitServing();
        Records records = records(address);
        JavaProcess master = master(address, "m1");
        Durable before = records.awaitLeader("m1");
        master.kill();
        alone.kill();

        // Two empty servers are a majority. They must not begin anew; nor with a third that has the data.
        JavaProcess second = ensemble.start(2);
        JavaProcess third = ensemble.start(3);
        JavaProcess first = ensemble.start(1);
        second.awaitLine("waits for a majority");
        first.awaitLine("waits for a majority");
        third.kill();
        second.kill();
        first.kill();
        replace(Path.of(ensemble.dir(2)), Path.of(ensemble.dir(1)));
        // The first one has said by now whose its data are, and the copy says the same.
        Path whose = Path.of(ensemble.dir(2)).resolve("data/myid");
        JavaProcess refused = ensemble.start(2);
        refused.awaitLine(
                "belong to server 1 of an ensemble; this is to be server 2: use the directory of that one, or,"
                        + " if this is a copy of another's, remove " + whose);
        assertThat(refused.awaitExit()).isEqualTo(1);
        Files.delete(whose);
        third = ensemble.start(3);
        ensemble.start(2);
        ensemble.start(1).awaitServing();
        third.awaitServing();

        Durable after = records(ensemble.addresses()).await("the record", _ -> true);
        assertThat(after.term().election()).isEqualTo(before.term().election());
        master(ensemble.addresses(), "m1");
        Durable led = records(ensemble.addresses())
                .await(
                        "the next term",
                        durable -> durable.term().term() > after.term().term());
        assertThat(led.term().election()).isGreaterThan(before.term().election());
    }

    /** Three servers whose ports are known beforehand. */
    private final class Ensemble {
        private final int[] ports = Ports.free(9);

        Ensemble() throws IOException {}

        int port(int id) {
            return ports[id - 1];
        }

        String dir(int id) {
            return CoordinatorProcessTest.this.dir("zk" + id);
        }

        String addresses() {
            return "127.0.0.1:" + port(1) + ",127.0.0.1:" + port(2) + ",127.0.0.1:" + port(3);
        }

        JavaProcess start(int id, String... more) throws IOException {
            List<String> peers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                peers.add("127.0.0.1:" + ports[3 + 2 * i] + ":" + ports[4 + 2 * i]);
            }
            List<String> args = new ArrayList<>(List.of("--dir", dir(id), "--port", String.valueOf(port(id))));
            args.addAll(List.of("--servers", String.join(",", peers), "--id", String.valueOf(id)));
            args.addAll(List.of(more));
            return coordinator(args.toArray(String[]::new));
        }
    }

    private static void replace(Path to, Path from) throws IOException {
        try (Stream<Path> files = Files.walk(to.resolve("data"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.walk(from.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    @Test
    void fullDisk_endsTheServer_andIsSaid() throws Exception {
        List<String> onSmallDisk = List.of(
                "unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=84m none \"$0\" && exec \"$@\"", dir.toString());
        assumeTrue(runs(onSmallDisk, "true"), "a small disk can be mounted");
        JavaProcess server =
                started(new JavaProcess(onSmallDisk, CoordinatorMain.class, "--dir", dir("zk"), "--port", "0"));
        String address = server.awaitServing();

        ZooKeeper client = new ZooKeeper(address, 6_000, _ -> {});
        closing.add(client);
        client.create("/x", new byte[0], Paths.OPEN, CreateMode.PERSISTENT);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        client.setData("/x", new byte[900_000], -1);
                    }
                })
                .isInstanceOf(KeeperException.ConnectionLossException.class);

        assertThat(server.awaitLine("is full")).contains("Free some and start it again");
        assertThat(server.awaitExit()).isEqualTo(1);
    }

    private static boolean runs(List<String> before, String command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(before);
        words.add(command);
        return new ProcessBuilder(words).start().waitFor() == 0;
    }

    @Test
    void takenPort_isSaid() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            JavaProcess server = coordinator("--dir", dir("zk"), "--port", String.valueOf(taken.getLocalPort()));

            server.awaitLine("cannot listen on 127.0.0.1:" + taken.getLocalPort());
            assertThat(server.awaitExit()).isEqualTo(1);
        }
    }

    @Test
    void directoryThatCannotBeWritten_isSaid() throws Exception {
        File file = Files.createFile(dir.resolve("file")).toFile();

        JavaProcess server = coordinator("--dir", file + "/zk", "--port", "0");

        assertThat(server.awaitLine("cannot be written")).contains("choose another one by --dir");
        assertThat(server.awaitExit()).isEqualTo(1);
    }

    @Test
    void directoryInUse_isSaid() throws Exception {
        coordinator("--dir", dir("zk"), "--port", "0").awaitServing();

        JavaProcess server = coordinator("--dir", dir("zk"), "--port", "0");

        server.awaitLine("another coordinator runs in");
        assertThat(server.awaitExit()).isEqualTo(1);
    }

    @Test
    void wrongOptions_areSaid() throws Exception {
        JavaProcess list = coordinator("--dir", dir("zk"), "--port", "1", "--servers", "a:1:2,b:1", "--id", "1");
        list.awaitLine("HOST:PEER-PORT:ELECTION-PORT");
        assertThat(list.awaitExit()).isEqualTo(2);

        JavaProcess who = coordinator("--dir", dir("zk"), "--port", "1", "--servers", "a:1:2,b:1:2,c:1:2");
        who.awaitLine("--id says which of the 3 in --servers this is, counted from 1; got 0");
        assertThat(who.awaitExit()).isEqualTo(2);
    }
}
