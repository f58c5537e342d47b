package dev.berth.node.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.ToolMessage;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Denied;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;
import dev.berth.node.launch.HostPort;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.tool.Tool;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.Subscription;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commands that look into entities, against a cluster in this JVM: what they print, and what they say to nonsense. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EntityCommandsTest {
    record Purse(long gold) {}

    interface Account extends Entity<Long> {
        Purse add(long gold);
    }

    private record Code(State<Purse> purse) implements Account {
        Code(Context<Long> me) {
            this(me.state(new Purse(0)));
        }

        @Override
        public Purse add(long gold) {
            if (gold < 0) {
                throw new Denied("not less");
            }
            return purse.set(new Purse(purse.get().gold() + gold));
        }
    }

    private final Entities bank =
            Entities.named("bank").entity(Account.class, Code::new).build();
    private final Terminal terminal = new Terminal();
    private DevCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = DevCluster.start(ServicePlan.bucketed("bank", 1, 8));
        Node owner = cluster.start(
                cluster.node("owner")
                        .withSlots("bank", 1)
                        .withHttp(HostPort.parse("127.0.0.1:0", 0).orElseThrow()),
                Map.of("bank", bank.code()));
        assertThat(bank.agent(owner, Account.class, 17L).add(5)).isEqualTo(new Purse(5));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private int run(Tool command, String... words) {
        return terminal.run(cluster, command, words);
    }

    @Test
    void call_printsTheAnswer_andWhatWentWrong() {
        assertThat(run(new CallCommand(), "bank", "Account", "17", "add", "7")).isZero();
        assertThat(terminal.out.toString()).isEqualTo("{\"gold\":12}\n");
        assertThat(run(new CallCommand(), "bank", "Account", "17", "add", "-1")).isEqualTo(1);
        assertThat(terminal.err.toString()).contains("not less");
        assertThat(run(new CallCommand(), "bank", "Account", "17", "add")).isEqualTo(1);
        assertThat(terminal.err.toString()).contains("add takes 1 arguments");
        assertThat(run(new CallCommand(), "bank", "Account", "17", "steal")).isEqualTo(1);
        assertThat(terminal.err.toString()).contains("has no method steal; it has [add]");
        assertThat(run(new CallCommand(), "bank", "Account", "somebody", "add", "1"))
                .isEqualTo(1);
        assertThat(terminal.err.toString()).contains("a key of Account is a Long, got somebody");
        assertThat(run(new CallCommand(), "bank", "Castle", "17", "add", "1")).isEqualTo(1);
        assertThat(terminal.err.toString()).contains("bank has no entity Castle; it has [Account]");
    }

    @Test
    void inspect_showsWhatAnEntityKeeps() {
        assertThat(run(new InspectCommand(), "bank", "Account", "17")).isZero();
        assertThat(terminal.out.toString())
                .contains("\"states\":{\"Purse\":{\"gold\":5}}")
                .contains("\"operations_remembered\":1")
                .contains("\"slot\":\"bank/");
    }

    @Test
    void status_countsProcessesAndEntities_andSaysSoOnlyOfNodesThatDo() throws Exception {
        Node caller = cluster.start(cluster.node("caller"), Map.of());
        caller.processes().<String>spawn(_ -> (_, _) -> null);
        assertThat(run(new StatusCommand(), "--json")).isZero();
        assertThat(terminal.out.toString())
                .contains("\"entities\":{\"bank\":1}")
                .contains("\"entities\":{},")
                .contains("\"processes\":1,");
        assertThat(run(new StatusCommand())).isZero();
        assertThat(terminal.out.toString())
                .contains("PROCESSES  ENTITIES")
                .contains("service bank: 1 slots over 8 buckets")
                .contains(", 1 entities in memory");
    }

    @Test
    void status_showsServersOfPlayers_andNothingOfThemWhereThereAreNone() throws Exception {
        assertThat(run(new StatusCommand())).isZero();
        assertThat(terminal.out.toString()).doesNotContain("SERVERS");
        Node gate = cluster.start(cluster.node("gate"), Map.of());
        assertThat(gate.processes()).as("there as soon as it is listed").isNotNull();
        Subscription shown = gate.shows(() -> new ToolMessage.PlacesTold("inn", 5_000, 17, 3));
        gate.shows(() -> new ToolMessage.PlacesTold("bar", 12, 0, 0));
        assertThat(run(new StatusCommand())).isZero();
        assertThat(terminal.out.toString())
                .contains("SERVERS OF")
                .containsSubsequence("bar  ", "gate  ", " 12 ", " 0 ", " 0", "inn  ", "gate  ", " 5000 ", " 17 ", " 3");
        assertThat(run(new StatusCommand(), "--json")).isZero();
        assertThat(terminal.out.toString())
                .contains("{\"group\":\"inn\",\"kept\":3,\"member\":\"gate\",\"places\":5000,\"taken\":17}");
        shown.close();
        assertThat(run(new StatusCommand(), "--json")).isZero();
        assertThat(terminal.out.toString()).doesNotContain("\"inn\"");
    }

    @Test
    void metrics_showHowLongMessagesWait() throws Exception {
        Node caller = cluster.start(cluster.node("caller"), Map.of());
        CountDownLatch read = new CountDownLatch(2_000);
        ProcessRef<String> process = caller.processes().spawn(_ -> (_, _) -> {
            read.countDown();
            return null;
        });
        for (int i = 0; i < 2_000; i++) {
            process.send("hello");
        }
        read.await();
        assertThat(caller.processes().waitSeconds(0.99)).isPositive();
    }

    @Test
    void top_showsWhichMethodsAreCalled() {
        assertThat(run(new TopCommand(), "--seconds", "1", "--json")).isZero();
        assertThat(terminal.out.toString())
                .contains("\"method\":\"bank Account.add\"")
                .contains("\"nodes\":1");
        assertThat(run(new TopCommand(), "--seconds", "1")).isZero();
        assertThat(terminal.out.toString()).contains("METHOD").contains("bank Account.add");
    }
}
