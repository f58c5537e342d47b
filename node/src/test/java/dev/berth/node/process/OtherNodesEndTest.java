package dev.berth.node.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.Timings;
import dev.berth.core.cluster.View;
import dev.berth.node.coordinator.JavaProcess;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.launch.HostPort;
import dev.berth.node.operate.StatusCommand;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Processes and whole nodes end while others watch, ask and name them: in good order in this JVM, and another
// process of the machine by -9 or by being frozen.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OtherNodesEndTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private static Node node(DevCluster cluster, String name) throws IOException {
        return cluster.start(
                cluster.node(name)
                        .withMessages(Processes.messages("other")
                                .with(OtherMain.Sleep.class)
                                .build()),
                Map.of());
    }

    private static JavaProcess other(DevCluster cluster, int divisor) throws IOException {
        return new JavaProcess(
                OtherMain.class,
                cluster.name(),
                cluster.secretFile().toString(),
                HostPort.of(cluster.masters().getFirst().address()).toString(),
                String.valueOf(divisor));
    }

    private static void await(Node node, Predicate<View> what) throws InterruptedException {
        LinkedBlockingQueue<View> views = new LinkedBlockingQueue<>();
        node.onChange(change -> views.add(change.view()));
        View view = views.take();
        while (!what.test(view)) {
            view = views.take();
        }
    }

    /** When this is back its question has left: what is sent then to the other one comes behind it. */
    private ProcessRef<String> watcher(Processes node, ProcessRef<?> other) {
        CountDownLatch watches = new CountDownLatch(1);
        ProcessRef<String> watcher = node.spawn(self -> {
            self.monitor(other, cause -> "down: " + cause);
            watches.countDown();
            return (_, message) -> heard.add(message);
        });
        try {
            watches.await();
        } catch (InterruptedException ends) {
            throw new AssertionError(ends);
        }
        return watcher;
    }

    private static ProcessRef<Object> mortal(Processes node) {
        return node.spawn(_ -> (self, message) -> {
            self.stop(message.toString());
            return message;
        });
    }

    @Test
    void monitors_areToldOfTheEnd_atOnceIfThereIsNobody_andWhenTheNodeLeaves() throws Exception {
        try (DevCluster cluster = DevCluster.start()) {
            Processes here = node(cluster, "here").processes();
            Node leaving = node(cluster, "there");
            Processes there = leaving.processes();
            ProcessRef<Object> mortal = here.at(mortal(there).address());
            watcher(here, mortal);
            watcher(here, mortal);
            mortal.send("as asked");
            assertThat(heard.take()).isEqualTo("down: as asked");
            assertThat(heard.take()).isEqualTo("down: as asked");

            watcher(here, mortal);
            assertThat(heard.take()).isEqualTo("down: there is no process " + mortal.address());

            ProcessRef<Object> left = here.at(mortal(there).address());
            watcher(here, left);
            // Its answer comes behind the monitor's question.
            assertThat(here.<Raw>at(there.spawn(_ -> (_, raw) -> raw).address()))
                    .isNotNull();
            leaving.close();
            assertThat(heard.take()).startsWith("down: ");
            watcher(here, left);
            assertThat(heard.take()).isEqualTo("down: there is no process " + left.address());
            assertThat(heard).isEmpty();
        }
    }

    private static String status(DevCluster cluster) throws IOException {
        StringWriter out = new StringWriter();
        String masters = HostPort.of(cluster.masters().getFirst().address()).toString();
        new StatusCommand()
                .run(
                        new PrintWriter(out, true),
                        new PrintWriter(out, true),
                        "--masters=" + masters,
                        "--cluster=" + cluster.name(),
                        "--secret-file=" + cluster.secretFile());
        return out.toString();
    }

    @Test
    @Tag("S4.6")
    @Tag("S4.19")
    @Tag("S1.14")
    void names_areKnownToAll_firstComeKeepsThem_andTheyAreFreeWhenTheirProcessOrNodeIsGone() throws Exception {
        try (DevCluster cluster = DevCluster.start()) {
            Node here = node(cluster, "here");
            Node there = node(cluster, "there");
            Processes processes = there.processes();
            ProcessRef<Object> first = mortal(processes);
            processes.register("database", first);
            processes.register(".clock", first);
            await(here, view -> view.names().containsKey("database"));

            assertThat(here.processes().find("database"))
                    .contains(here.processes().at(first.address()));
            assertThat(processes.find("database"))
                    .hasValueSatisfying(own -> assertThat(own).isSameAs(first));
            assertThat(processes.find(".clock")).isPresent();
            assertThat(here.processes().find(".clock"))
                    .as("only its own node's")
                    .isEmpty();
            assertThat(here.processes().find("nobody")).isEmpty();
            assertThat(status(cluster))
                    .containsPattern("name database +process " + first.address() + " of there \\(n")
                    .doesNotContain(".clock");
            assertThatThrownBy(() -> here.processes().register("database", mortal(here.processes())))
                    .isInstanceOf(NameRefusedException.class)
                    .hasMessageContaining("database")
                    .hasMessageContaining("held by there (n");
            ProcessRef<Object> second = mortal(processes);
            assertThatThrownBy(() -> processes.register("database", second))
                    .isInstanceOf(NameRefusedException.class)
                    .hasMessageContaining(first.address().toString());
            assertThatThrownBy(() -> here.processes()
                            .register("elsewhere", here.processes().at(first.address())))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> processes.register("DataBase", second)).hasMessageContaining("a-z");

            first.send("end");
            await(here, view -> !view.names().containsKey("database"));
            assertThat(here.processes().find("database")).isEmpty();
            processes.register("database", second);
            processes.register(".clock", second);
            await(here, view -> view.names().containsKey("database"));
            there.close();
            await(here, view -> !view.names().containsKey("database"));
            here.processes().register("database", mortal(here.processes()));
            assertThat(here.processes().find("database")).isPresent();
        }
    }

    @Test
    @Tag("D13")
    @Tag("S4.6")
    @Tag("S4.17")
    void otherProcessIsKilled_callEndsAtOnce_andItsMonitorsAreTold() throws Exception {
        try (DevCluster cluster = DevCluster.start(Timings.DEFAULT.dividedBy(8), 1);
                JavaProcess other = other(cluster, 8)) {
            Node node = node(cluster, "here");
            other.awaitLine("the sleeper has its name");
            await(node, view -> view.names().containsKey("sleeper"));
            CompletableFuture<Outcome<?>> end = asleep(node.processes());

            other.kill();
            assertThat(end.get()).isEqualTo(new Outcome.Unknown<>(Outcome.Cause.CONNECTION_CLOSED));
            assertThat(heard.take()).startsWith("down: ");
            assertThat(node.processes().find("sleeper")).isEmpty();
        }
    }

    /** How the sleeper's call ends, when it has been asked and is watched. */
    private CompletableFuture<Outcome<?>> asleep(Processes processes) throws InterruptedException {
        ProcessRef<Object> sleeper = processes.find("sleeper").orElseThrow();
        ProcessRef<String> watcher = watcher(processes, sleeper);
        CompletableFuture<Outcome<?>> end = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                sleeper.call(new OtherMain.Sleep(watcher), LONG);
            } catch (CallException unknown) {
                end.complete(unknown.outcome());
            }
        });
        assertThat(heard.take()).isEqualTo("asleep");
        return end;
    }

    @Test
    void otherProcessIsFrozen_connectionBreaks_andItsMonitorsSurvive() throws Exception {
        try (DevCluster cluster = DevCluster.start(Timings.DEFAULT, 1);
                JavaProcess other = other(cluster, 1)) {
            Processes processes = node(cluster, "here").processes();
            other.awaitLine("the sleeper has its name");
            while (processes.find("sleeper").isEmpty()) {
                Thread.onSpinWait();
            }
            CompletableFuture<Outcome<?>> end = asleep(processes);

            other.freeze();
            assertThat(end.get()).isEqualTo(new Outcome.Unknown<>(Outcome.Cause.CONNECTION_CLOSED));
            other.thaw();
            assertThat(heard).isEmpty();
            processes.find("sleeper").orElseThrow().send("awake");
            assertThat(heard.take()).isEqualTo("down: awake");
        }
    }
}
