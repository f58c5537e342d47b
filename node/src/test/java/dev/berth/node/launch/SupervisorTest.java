package dev.berth.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// Real processes under a real supervisor; what it says and whom it certifies comes in as lines, and the tests wait for
// those. Every process ends with the supervisor, at the latest with the test's own.
class SupervisorTest {
    @TempDir
    Path state;

    private final Ticker ticker = new Ticker();
    private LaunchDirectory directory;
    private Duration grace = Duration.ofMinutes(1);
    private Supervisor supervisor;

    @BeforeEach
    void open() throws Exception {
        directory = LaunchDirectory.open(state);
        supervisor = supervisor();
    }

    @AfterEach
    void close() throws Exception {
        supervisor.stop("the test is over");
        supervisor.await();
        directory.close();
    }

    @Test
    void nodes_startAndStopInOrder_andLeaveNothing() throws Exception {
        launch(buoy("store", NodeKind.STORE, "afloat"), buoy("game", NodeKind.WORKER, "afloat"));
        ticker.await("store STARTING -> SERVING");
        ticker.await("game WAITING -> STARTING");
        ticker.await("all 2 serve");
        var game = started("game");
        var store = started("store");
        assertThat(game.leader().group()).isEqualTo(game.leader().pid());

        supervisor.stop("enough");

        ticker.await("game SERVING -> ENDING");
        ticker.await("game ENDING -> STOPPED");
        ticker.await("store SERVING -> ENDING");
        assertThat(supervisor.await()).isZero();
        assertThat(ProcessHandle.of(game.leader().pid())).isEmpty();
        assertThat(ProcessHandle.of(store.leader().pid())).isEmpty();
        assertThat(Posix.groupExists(game.leader().pid())).isFalse();
        assertThat(directory.leftBehind()).isEmpty();
    }

    @Test
    void killedNode_isCertified_andComesBack() throws Exception {
        launch(buoy("game", NodeKind.WORKER, "afloat"));
        ticker.await("game STARTING -> SERVING");
        var first = started("game").leader();
        long before = System.nanoTime();

        Posix.kill(first.pid(), Posix.SIGKILL);

        ticker.await("certified game n4.17");
        long took = System.nanoTime() - before;
        ticker.await("game RESTING -> STARTING");
        ticker.await("game STARTING -> SERVING");
        assertThat(started("game").leader()).isNotEqualTo(first);
        assertThat(ticker.seen()).anyMatch(line -> line.contains("ended with code 137 (SIGKILL)"));
        // Generous: usually it is a few milliseconds, but no rest and no look once a second is in between.
        assertThat(took).isLessThan(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void whileAGrandchildLives_thereIsNoCertificate_andNoNewStart() throws Exception {
        launch(buoy("game", NodeKind.WORKER, "parent"));
        ticker.await("game STARTING -> SERVING");
        var leader = started("game").leader();
        long child = members(leader).stream()
                .map(ProcessStamp::pid)
                .filter(pid -> pid != leader.pid())
                .findFirst()
                .orElseThrow();

        Posix.kill(leader.pid(), Posix.SIGKILL);
        ticker.await("game has left processes of its group behind");
        assertThat(ProcessHandle.of(child)).isPresent();
        assertThat(ticker.seen()).noneMatch(line -> line.contains("certified"));

        Posix.kill(-leader.pid(), Posix.SIGKILL);
        ticker.await("certified game n4.17");
        assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive)).isEmpty();
        ticker.await("game RESTING -> STARTING");
    }

    @Test
    void whoDoesNotHeedSigterm_isKilledWithItsGroup() throws Exception {
        grace = Duration.ofMillis(300);
        launch(buoy("deaf", NodeKind.WORKER, "deaf"), buoy("game", NodeKind.WORKER, "parent"));
        ticker.await("all 2 serve");
        var deaf = started("deaf").leader();
        var game = started("game").leader();

        supervisor.stop("enough");

        assertThat(supervisor.await()).isZero();
        assertThat(ticker.seen())
                .anyMatch(line -> line.startsWith("deaf has not ended within 0.3 s: SIGKILL"))
                .anyMatch(line -> line.startsWith("game has not ended within 0.3 s: SIGKILL"));
        assertThat(Posix.groupExists(deaf.group())).isFalse();
        assertThat(Posix.groupExists(game.group())).isFalse();
    }

    @Test
    void whatCannotLive_isGivenUp_andItsLogTellsWhy() throws Exception {
        launch(new LaunchPlan.Item(
                "game", NodeKind.WORKER, "", "", List.of("sh", "-c", "echo I cannot; exit 3"), Map.of()));

        ticker.await("game ENDING -> DOWN died 5 times in a row");
        assertThat(supervisor.await()).isEqualTo(1);
        assertThat(ticker.seen()).anyMatch(line -> line.contains("ended with code 3"));
        assertThat(Files.readAllLines(directory.log("game")))
                .containsExactly("I cannot", "I cannot", "I cannot", "I cannot", "I cannot");
    }

    @Test
    void aProgramThatIsNotThere_isSaid() throws Exception {
        launch(new LaunchPlan.Item("game", NodeKind.WORKER, "", "", List.of("/no/such/java"), Map.of()));

        ticker.await("game STARTING -> ENDING ended with code 127");
        ticker.await("stopping: nothing is left to run");
        assertThat(Files.readString(directory.log("game"))).contains("/no/such/java");
    }

    private Supervisor supervisor(LaunchPlan.Item... items) {
        return new Supervisor(
                file(state, grace),
                new LaunchPlan(List.of(items)),
                directory,
                "up-test",
                (name, incarnation) -> ticker.accept("certified " + name + " " + incarnation),
                ticker);
    }

    private void launch(LaunchPlan.Item... items) {
        supervisor = supervisor(items);
        supervisor.start();
    }

    static ClusterFile file(Path state, Duration grace) {
        return new ClusterFile(
                "test",
                state,
                state.resolve("secret"),
                Profile.FAST,
                new CoordinatorSpec.Existing("127.0.0.1:1"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                grace,
                1 << 20,
                1);
    }

    static LaunchPlan.Item buoy(String name, NodeKind kind, String how) {
        var words = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        words.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), NodeMain.class.getName()));
        words.addAll(List.of(NodeMain.CLASS, Buoy.class.getName(), how));
        return new LaunchPlan.Item(
                name, kind, "", "", words, Map.of("BERTH_NAME", name, NodeEnvironment.LAUNCHER, "up-test"));
    }

    private LaunchDirectory.Started started(String name) throws Exception {
        return directory.leftBehind().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<ProcessStamp> members(ProcessStamp leader) throws Exception {
        return ProcessStamp.ofGroup(leader.pid(), NodeEnvironment.LAUNCHER, "up-test");
    }
}
