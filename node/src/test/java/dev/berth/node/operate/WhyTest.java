package dev.berth.node.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.Timings;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.tool.Tool;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.ServiceCall;
import dev.berth.node.worker.Slot;
import dev.berth.node.worker.SlotService;
import dev.berth.node.worker.SlotStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// A real cluster with two masters in this JVM. A node goes, a master dies, a setting changes; then the commands are run
// as from a shell, and what they print is read.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WhyTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Timings QUICK = Timings.DEFAULT.dividedBy(4);

    private final Terminal terminal = new Terminal();
    private DevCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = DevCluster.start(QUICK, 2, ServicePlan.plain("role", 1), ServicePlan.plain("bag", 2));
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    /** Says who it is. */
    private record Teller(String name) implements SlotService {
        @Override
        public void load(Slot slot, SlotStore store) {}

        @Override
        public Bytes handle(ServiceCall call) {
            return Bytes.utf8(name);
        }
    }

    private Node role(String name) throws IOException {
        return cluster.start(cluster.node(name).withStandby("role", 1), Map.of("role", new Teller(name)));
    }

    private static void awaitAnswer(Node by, String from) {
        assertThat(by.agent("role").callSlot(1, Bytes.EMPTY, LONG).utf8()).isEqualTo(from);
    }

    /** Waits until these two own the slots of a service, in whichever order. */
    private static void awaitOwner(Node by, String service, Node... owners) throws InterruptedException {
        LinkedBlockingQueue<View> views = new LinkedBlockingQueue<>();
        by.onChange(change -> views.add(change.view()));
        View view = by.view();
        while (true) {
            List<Incarnation> running = new ArrayList<>();
            Service known = view == null ? null : view.service(service);
            if (known != null) {
                known.forEachUnit((_, state) -> {
                    if (state instanceof SlotState.Running) {
                        running.add(state.owner());
                    }
                });
            }
            if (running.size() == owners.length
                    && running.containsAll(Stream.of(owners).map(Node::self).toList())) {
                return;
            }
            view = views.take();
        }
    }

    /** Runs a command as from a shell. */
    private String run(Tool tool, int code, String... words) throws IOException {
        assertThat(terminal.run(cluster, tool, words))
                .as("%s%s", terminal.out, terminal.err)
                .isEqualTo(code);
        return code == 0 ? terminal.out.toString() : terminal.err.toString();
    }

    @Test
    void leadingMasterDies_andTheSlotsStoryIsStillTold_byItsSuccessor() throws Exception {
        Node gate = cluster.start(cluster.node("gate"), Map.of());
        Node first = role("role-1");
        awaitAnswer(gate, "role-1");
        String former = "role-1 (" + first.self() + ")";
        role("role-2");
        first.close();
        awaitAnswer(gate, "role-2");
        String leader;
        try (Operator operator = cluster.operator()) {
            leader = operator.status(LONG).leader();
        }
        String other = leader.equals("m1") ? "m2" : "m1";
        cluster.masters().get(leader.equals("m1") ? 0 : 1).close();
        gate.ask(new Proposal.DrainNode(gate.self().node(), true)).get();

        String told = run(new WhyCommand(), 0, "role/1");
        assertThat(told)
                .containsSubsequence(
                        "role/1 FREE -> OFFERED " + former,
                        "because nobody owned it; offered to " + former,
                        "role/1 OFFERED " + former + " -> RUNNING " + former,
                        "role/1 RUNNING " + former + " -> ",
                        "because " + former + " ",
                        "-> RUNNING role-2 (",
                        "master " + other + " leads",
                        "because " + leader + " ",
                        "now: role/1 is RUNNING role-2 (",
                        "is LIVE");

        Config json = ConfigFactory.parseString(run(new WhyCommand(), 0, "role-1", "--json"));
        assertThat(json.getConfigList("story").stream().map(event -> event.getString("what")))
                .contains(former + " came", former + " went", "master " + other + " leads");
        assertThat(json.getConfigList("story").getLast().getString("master")).isEqualTo(other);
        assertThat(json.getString("now")).endsWith("has no role-1");
    }

    @Test
    void drainAskedByAnOperator_isInTheStoryOfTheNode() throws Exception {
        Map<String, SlotService> code = Map.of("bag", new Teller("bag"));
        Node first = cluster.start(cluster.node("bag-1").withSlots("bag", 2), code);
        Node second = cluster.start(cluster.node("bag-2").withSlots("bag", 2), code);
        awaitOwner(first, "bag", first, second);
        run(new DrainCommand(), 0, "bag-1");
        awaitOwner(first, "bag", second, second);

        assertThat(run(new WhyCommand(), 0, first.self().toString()))
                .contains("is to be empty", "because asked by operator " + System.getProperty("user.name"))
                .contains("DRAINING bag-1 (" + first.self() + ") target bag-2 (" + second.self() + ")")
                .contains("because " + first.self() + " has drained it")
                .contains("is LIVE DRAINING");
        assertThat(run(new WhyCommand(), 1, "role-7")).contains("nothing is known of role-7", "begins with view 1");
        assertThat(run(new WhyCommand(), 1, "role/9")).contains("nothing is known of role/9");
        assertThat(run(new WhyCommand(), 2, "role/x")).contains("a slot is SERVICE/NUMBER");
        assertThat(run(new WhyCommand(), 2, "")).contains("why what? A slot, e.g. role/3");
        assertThat(run(new WhyCommand(), 2, "n4.17:xx")).contains("a call is NODE:NUMBER", "got n4.17:xx");
    }

    @Test
    @Tag("S1.2")
    @Tag("S3.8")
    void settings_areSetShownTracedAndRolledBack() throws Exception {
        cluster.start(cluster.node("gate"), Map.of()).listed().get();

        assertThat(run(new ConfigCommand(), 0, "get", "drain.slots-max")).isEqualToIgnoringNewLines("8");
        run(new ConfigCommand(), 0, "set", "drain.slots-max", "4");
        String set = run(new ConfigCommand(), 0, "set", "drain.slots-max", "5");
        long view = Long.parseLong(set.strip().substring(set.strip().lastIndexOf(' ') + 1));
        assertThat(run(new ConfigCommand(), 0, "get", "drain.slots-max")).isEqualToIgnoringNewLines("5");
        assertThat(run(new ConfigCommand(), 1, "set", "drain.slots-max", "many"))
                .contains("a whole number");
        assertThat(run(new ConfigCommand(), 0, "set", "--json", "drain.slots-max", "5"))
                .contains("\"accepted\":true", "\"view\":" + view);
        assertThat(run(new ConfigCommand(), 1, "get", "drain.slots")).contains("did you mean drain.slots-max?");

        assertThat(run(new ConfigCommand(), 0, "history"))
                .containsSubsequence(
                        "drain.slots-max (standard) -> 4, asked by operator " + System.getProperty("user.name"),
                        "drain.slots-max 4 -> 5, asked by operator ",
                        "2 changes; the journal begins with view 1");
        assertThat(run(new ConfigCommand(), 0, "rollback", "drain.slots-max")).contains("drain.slots-max is 4 since");
        assertThat(run(new ConfigCommand(), 0, "rollback", "" + view)).contains("drain.slots-max is 5 since");
        assertThat(run(new ConfigCommand(), 0, "watch", "--for=0", "--json"))
                .startsWith("{\"at\":\"")
                .contains("\"key\":\"drain.slots-max\",\"value\":\"5\",\"view\":");
        assertThat(run(new ConfigCommand(), 0, "rollback", "0")).contains("drain.slots-max is its standard since");
        assertThat(run(new ConfigCommand(), 0, "rollback", "--json", "drain.slots-max"))
                .startsWith(
                        "[{\"accepted\":true,\"key\":\"drain.slots-max\",\"reason\":\"\",\"value\":\"5\",\"view\":");
        assertThat(run(new ConfigCommand(), 0, "rollback", "0")).contains("drain.slots-max is its standard since");
        assertThat(run(new ConfigCommand(), 0, "rollback", "--json", "9999")).isEqualToIgnoringNewLines("[]");
        assertThat(run(new ConfigCommand(), 2, "rollback", "gate.players")).contains("knows no change of gate.players");
        assertThat(run(new ConfigCommand(), 0, "history", "drain.slots-max", "--json"))
                .contains("\"before\":\"4\"", "\"after\":\"5\"");
        assertThat(run(new ConfigCommand(), 0, "watch", "--for=0")).isEmpty();
        PrintWriter complaints = new PrintWriter(terminal.err, true);
        assertThat(new ConfigCommand().run(complaints, complaints)).isEqualTo(2);
        assertThat(terminal.err.toString()).contains("say one of clear, get, history, rollback, set, watch");
    }

    @Test
    void callThatDidNotEndWell_hasAnId_andItsNodeTellsWhatBefellIt() throws Exception {
        Node gate = cluster.start(cluster.node("gate"), Map.of());
        gate.listed().get();
        CallException refused = catchThrowableOfType(
                CallException.class, () -> gate.agent("role").callSlot(1, Bytes.EMPTY, Duration.ofMillis(100)));

        assertThat(refused.id()).startsWith(gate.self() + ":");
        assertThat(refused).hasMessageContaining("berth why " + refused.id());
        assertThat(run(new WhyCommand(), 0, refused.id()))
                .contains(
                        "call " + refused.id() + " of role/1 took ",
                        "ended as Refused NO_OWNER: it surely did not run",
                        "HELD FREE in view ");

        CountDownLatch entered = new CountDownLatch(1);
        Node stuck = cluster.start(cluster.node("role-1").withSlots("role", 1), Map.of("role", new Sleeper(entered)));
        CompletableFuture<Outcome<Bytes>> lost = gate.agent("role").callSlotAsync(1, Bytes.EMPTY, LONG);
        entered.await();
        stuck.close();
        assertThat(lost.get()).isInstanceOf(Outcome.Unknown.class);
        String life = gate.self().toString();
        String latest = run(new WhyCommand(), 0, life + ":").lines().findFirst().orElseThrow();
        assertThat(latest).contains("ended as Unknown ");
        String id = latest.split(" ", -1)[1];

        assertThat(run(new WhyCommand(), 0, id))
                .contains("calls role/1")
                .containsSubsequence(
                        "role/1 OFFERED role-1 (" + stuck.self() + ") -> RUNNING",
                        "SENT to " + stuck.self() + " under epoch ",
                        "LOST at " + stuck.self() + " under epoch ",
                        "the other side says: ",
                        "ENDED Unknown ");
        Config json = ConfigFactory.parseString(run(new WhyCommand(), 0, id, "--json"));
        assertThat(json.getString("to")).isEqualTo("role/1");
        assertThat(json.getConfigList("story")).hasSizeGreaterThan(3);

        assertThat(run(new WhyCommand(), 1, life + ":999999")).contains("remembers nothing of it");
        assertThat(run(new WhyCommand(), 1, stuck.self() + ":1")).contains("is over, and its calls are forgotten");
    }

    /** Enters and does not answer. */
    private record Sleeper(CountDownLatch entered) implements SlotService {
        @Override
        public void load(Slot slot, SlotStore store) {}

        @Override
        public Bytes handle(ServiceCall call) throws InterruptedException {
            entered.countDown();
            new CountDownLatch(1).await();
            return Bytes.EMPTY;
        }
    }
}
