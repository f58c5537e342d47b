package dev.berth.node.simpledb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.View;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.launch.HostPort;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// A database and an agent in this JVM, and programs in Python that connect to the agent and are in no view. What
// they are asked comes from the database's node, with which they have no connection.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HiddenNodeTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private DevCluster cluster;
    private SimpleDb database;
    private SimpleDb agent;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(PythonProcess.isInstalled(), "python3, 3.8 or later, is not installed");
        cluster = DevCluster.start(ServicePlan.bucketed(SimpleDb.SERVICE, 1, 8));
        database = SimpleDb.start(cluster.node("db").withSlots(SimpleDb.SERVICE, 1), null);
        agent = SimpleDb.start(cluster.node("agent"), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        await(agent.node(), view -> view.names().containsKey(SimpleDb.NAME));
    }

    @AfterEach
    void stop() {
        if (cluster != null) {
            agent.close();
            database.close();
            cluster.close();
        }
    }

    /** How it finds its node, and what else it is told. */
    private List<String> arguments(String clusterName, String... words) {
        List<String> arguments = new ArrayList<>(List.of(
                clusterName,
                cluster.secretFile().toString(),
                HostPort.of(agent.node().address()).toString()));
        arguments.addAll(List.of(words));
        return arguments;
    }

    private PythonProcess python(String... words) throws IOException {
        return PythonProcess.simpledb(arguments(cluster.name(), words));
    }

    private static View await(Node node, Predicate<View> what) throws InterruptedException {
        LinkedBlockingQueue<View> views = new LinkedBlockingQueue<>();
        node.onChange(change -> views.add(change.view()));
        View view = views.take();
        while (!what.test(view)) {
            view = views.take();
        }
        return view;
    }

    /** As the node knows whatever process has the name. */
    private static ProcessRef<Question> named(Node node, String name) throws InterruptedException {
        await(node, view -> view.names().containsKey(name));
        return node.processes().<Question>find(name).orElseThrow();
    }

    @Test
    @Tag("S4.15")
    @Tag("S4.16")
    void programInPython_getsAndSets_whatClientsOfAgentsSee() throws Exception {
        try (Client client = new Client(Objects.requireNonNull(agent.lines()));
                PythonProcess get = python("get", "xxx")) {
            assertThat(get.words()).isEqualTo("nothing");
            assertThat(client.says("SET xxx yyy")).isEqualTo("OK");
            try (PythonProcess set = python("set", "xxx", "z \u00fc")) {
                assertThat(set.words()).isEqualTo("yyy");
            }
            assertThat(client.says("GET xxx")).isEqualTo("OK z \u00fc");
        }
    }

    @Test
    @Tag("S4.16")
    @Tag("S4.21")
    void serviceInPython_isAskedByItsName_fromANodeThatDoesNotKnowIt() throws Exception {
        int members = await(database.node(), _ -> true).memberCount();
        try (PythonProcess python = python("serve", "capitals")) {
            assertThat(python.line()).startsWith("capitals is n");
            ProcessRef<Question> capitals = named(database.node(), "capitals");

            assertThat(capitals.call(new Question.Set("xxx", "yyy"), LONG)).isEqualTo(new Question.Answer(null));
            assertThat(capitals.call(new Question.Get("xxx"), LONG)).isEqualTo(new Question.Answer("YYY"));
            assertThat(named(agent.node(), "capitals").call(new Question.Get("xxx"), LONG))
                    .as("where it is connected")
                    .isEqualTo(new Question.Answer("YYY"));
            assertThatThrownBy(() -> capitals.call(new Question.Set("xxx", ""), LONG))
                    .isInstanceOfSatisfying(
                            CallException.class,
                            failed -> assertThat(failed.outcome())
                                    .isEqualTo(new Outcome.Failed<>(
                                            "ValueError", "say simpledb/Get, or simpledb/Set with a value")));
            assertThat(await(database.node(), _ -> true).memberCount())
                    .as("listed")
                    .isEqualTo(members);
            assertThat(capitals.address().node())
                    .as("the address is of the node that it is connected to")
                    .isEqualTo(agent.node().self().node());
        }
        await(database.node(), view -> !view.names().containsKey("capitals"));
        try (PythonProcess next = python("serve", "capitals");
                PythonProcess second = python("serve", "database")) {
            assertThat(next.line()).startsWith("capitals is n");
            assertThat(named(database.node(), "capitals").call(new Question.Get("xxx"), LONG))
                    .isEqualTo(new Question.Answer("YYY"));
            assertThat(second.words()).contains("NameRefusedException").contains("held by db");
        }
    }

    /** How a question ends that the other side cannot answer. */
    private static CompletableFuture<Outcome<?>> end(ProcessRef<Question> asked, Duration within) {
        CompletableFuture<Outcome<?>> end = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                asked.call(new Question.Get("xxx"), within);
            } catch (CallException failed) {
                end.complete(failed.outcome());
            }
        });
        return end;
    }

    @Test
    @Tag("D13")
    @Tag("S4.21")
    void hiddenNodeIsKilled_whatItWasAskedEndsAtOnce_andItsNameIsFree() throws Exception {
        try (PythonProcess python = python("serve", "capitals")) {
            assertThat(python.line()).startsWith("capitals is n");
            ProcessRef<Question> here = named(agent.node(), "capitals");
            ProcessRef<Question> there = named(database.node(), "capitals");
            python.signal("STOP");
            assertThat(end(here, Duration.ofMillis(50)).get()).isEqualTo(new Outcome.Unknown<>(Outcome.Cause.DEADLINE));
            CompletableFuture<Outcome<?>> local = end(here, LONG);
            CompletableFuture<Outcome<?>> remote = end(there, LONG);
            python.signal("KILL");

            // Or it came too late to be sent at all.
            Outcome<?> refused = new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0);
            assertThat(local.get()).isIn(new Outcome.Unknown<>(Outcome.Cause.CONNECTION_CLOSED), refused);
            assertThat(remote.get())
                    .isIn(new Outcome.Failed<>("OutcomeUnknown", "it may have run: CONNECTION_CLOSED"), refused);
            await(database.node(), view -> !view.names().containsKey("capitals"));
            assertThat(end(there, LONG).get()).isInstanceOf(Outcome.Refused.class);
        }
    }

    @Test
    @Tag("S4.21")
    void itsNodeLeaves_hiddenNodeIsToldSo() throws Exception {
        try (PythonProcess python = python("serve", "capitals");
                PythonProcess stranger = PythonProcess.simpledb(arguments("other", "get", "xxx"))) {
            assertThat(stranger.words()).startsWith("ConnectionError: refused with 1");
            assertThat(python.line()).startsWith("capitals is n");
            agent.close();
            assertThat(python.words()).startsWith("over: ConnectionError");
        }
    }

    private static final String IMPUDENT = """
        import sys
        from berth_node import Address, Node
        cluster, secret, address = sys.argv[1:4]
        host, port = address.split(":")
        node = Node(cluster, open(secret).read(), (host, int(port)))
        def ends(address, message):
            try:
                return node.call(Address(address), message)
            except Exception as error:
                return f"{type(error).__name__} {error}"
        database = node.find("database")
        print(ends(7, "nobody"))
        print(ends(9 << 48, "a node that is not there"))
        print(ends(0, "no errand"))
        print(ends(0, ("berth/Register", {"name": "stolen", "way": database})))
        node.send(Address(0), ("berth/Serve", {}))
        served = [ends(0, ("berth/Serve", {})) for _ in range(65)]
        print(sum(isinstance(one, Address) for one in served), served[-1])
        print(ends(served[0], "to myself, who does not serve it"))
        print(ends(database, "no question"))
        print(node.find("nobody"))
        """;

    @Test
    @Tag("S4.21")
    void whatAHiddenNodeMayNot_isRefused_andItsNodeGoesOn() throws Exception {
        try (PythonProcess python = PythonProcess.of(IMPUDENT, arguments(cluster.name()))) {
            List<String> words = python.words().lines().toList();
            assertThat(words.get(0)).isEqualTo("Refused reason 4 of docs/protocol.md");
            assertThat(words.get(1)).isEqualTo(words.getFirst());
            assertThat(words.get(2)).contains("address 0 takes errands, not String");
            assertThat(words.get(3)).contains("does not stand for one of this hidden node");
            assertThat(words.get(4)).contains("64 ").contains("a hidden node has 64 services at most");
            assertThat(words.get(5)).isEqualTo(words.getFirst());
            assertThat(words.get(6)).startsWith("Failed ClassCastException");
            assertThat(words.get(7)).isEqualTo("None");
        }
        try (Client client = new Client(Objects.requireNonNull(agent.lines()))) {
            assertThat(client.says("SET xxx yyy")).isEqualTo("OK");
        }
    }
}
