package dev.berth.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.client.BerthClient;
import dev.berth.client.ClientException;
import dev.berth.lab.bench.ShopApp.Bought;
import dev.berth.lab.bench.ShopApp.Buy;
import dev.berth.lab.bench.ShopApp.Till;
import dev.berth.node.entity.Entities;
import dev.berth.node.launch.Profile;
import dev.berth.node.worker.Node;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

// Everything is a process that `berth up` has started, and is killed as a process; clients are real ones and buy
// without pause. What each sees is compared with what it would have seen had nobody died: see Shopper.

/**
 * Clients stay whatever dies. More, in a few minutes: {@code mvn -pl lab -am test -Pfaults -Dtest=StayTest -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class StayTest {
    private static final int BUCKETS = 8;
    private static final int WORKERS = 3;
    private static final int CAPACITY = 2;
    private static final int GATES = 3;
    private static final int ANSWERS = 10;
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String FAULTS = "berth.faults";

    private final Entities app = ShopApp.app().entities();
    private final List<Shopper> shoppers = new ArrayList<>();
    private Harbor harbor;
    private Node node;

    @BeforeEach
    void start() throws Exception {
        harbor = Harbor.launch(HarborPlan.of(ShopApp.class)
                .withService(
                        "{ capacity = " + CAPACITY + ", buckets = " + BUCKETS + " }", "{ slots = 2, standby = true }")
                .withWorkers(WORKERS, List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"))
                .withTimings(Profile.FAST)
                .withGates(GATES));
        node = Node.start(harbor.caller().withTimings(Profile.FAST.timings()).withMessages(app.messages()));
        harbor.awaitWhole(BUCKETS);
        harbor.awaitGates();
    }

    @AfterEach
    void stop() throws Exception {
        shoppers.forEach(Shopper::close);
        node.close();
        harbor.close();
    }

    private List<Shopper> shoppers(int many, List<InetSocketAddress> gates) throws InterruptedException {
        List<Shopper> some = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            some.add(new Shopper(1L + shoppers.size(), app.messages(), gates, 0));
            shoppers.add(some.getLast());
        }
        for (Shopper shopper : some) {
            shopper.start();
        }
        return some;
    }

    /** All of them, until each client has been answered a few times since; the processes that there were. */
    private long[] kill(String... victims) throws Exception {
        long[] pids = new long[victims.length];
        for (int i = 0; i < victims.length; i++) {
            pids[i] = harbor.pid(victims[i]);
        }
        shoppers.forEach(Shopper::mark);
        Harbor.signal("KILL", pids);
        awaitAnswers();
        return pids;
    }

    private void awaitAnswers() throws InterruptedException {
        for (Shopper shopper : shoppers) {
            shopper.awaitAnswers(ANSWERS);
        }
    }

    private void nobodySawAnything() throws InterruptedException {
        for (Shopper shopper : shoppers) {
            assertThat(shopper.finish()).as("logs are in " + harbor.dir()).isEmpty();
            assertThat(app.agent(node, Till.class, shopper.user()).count()).isEqualTo(new Bought(shopper.answered()));
        }
        harbor.hasServed();
    }

    @Test
    @Tag("S3.11")
    @Tag("S3.12")
    @Tag("S3.13")
    @Tag("S3.17")
    @Tag("S3.19")
    @Tag("S3.29")
    void gateIsKilled_thenAnOwner_thenBothAtOnce_andEveryPurchaseIsDoneOnceAndToldOnce() throws Exception {
        shoppers(6, harbor.gates());
        List<Shopper> elsewhere = shoppers(2, harbor.gates().subList(2, GATES));
        awaitAnswers();

        kill(HarborPlan.gate(0));
        assertThat(elsewhere).allSatisfy(shopper -> assertThat(shopper.losses()).isZero());
        kill(harbor.owner(1));
        harbor.awaitWhole(BUCKETS);
        kill(HarborPlan.gate(1), harbor.owner(BUCKETS));

        nobodySawAnything();
    }

    @Test
    @EnabledIfSystemProperty(named = FAULTS, matches = "true")
    @Tag("S3.11")
    @Tag("S3.13")
    @Tag("S3.17")
    void gatesOwnersAndTheStore_areKilledAndStopped_again_andAgain() throws Exception {
        shoppers(8, harbor.gates());
        awaitAnswers();
        for (int round = 0; round < 3; round++) {
            String gate = HarborPlan.gate(round % GATES);
            killAndRevive(gate);
            killAndRevive(harbor.owner(1 + round));
            stopped(harbor.owner(1 + round));
            stoppedGate(HarborPlan.gate((round + 1) % GATES));
            killAndRevive("store");
            killAndRevive(gate, harbor.owner(1 + round));
        }

        nobodySawAnything();
    }

    private void killAndRevive(String... victims) throws Exception {
        long[] pids = kill(victims);
        for (int i = 0; i < victims.length; i++) {
            harbor.awaitRestart(victims[i], pids[i]);
        }
        harbor.awaitWhole(BUCKETS);
        harbor.awaitGates();
    }

    /** Past its lease; then it goes on, and is told that it is over. */
    private void stopped(String owner) throws Exception {
        long pid = harbor.pid(owner);
        shoppers.forEach(Shopper::mark);
        Harbor.signal("STOP", pid);
        try {
            awaitAnswers();
            harbor.await(
                    "its slots are elsewhere", () -> !harbor.owners(BUCKETS).contains(owner));
        } finally {
            Harbor.signal("CONT", pid);
        }
        harbor.awaitRestart(owner, pid);
        harbor.awaitWhole(BUCKETS);
    }

    /** Nothing is closed, nothing is refused: its clients alone notice. When it goes on the cluster has forgotten it. */
    private void stoppedGate(String gate) throws Exception {
        long pid = harbor.pid(gate);
        shoppers.forEach(Shopper::mark);
        Harbor.signal("STOP", pid);
        try {
            awaitAnswers();
            harbor.awaitUnlisted(gate);
        } finally {
            Harbor.signal("CONT", pid);
        }
        harbor.awaitRestart(gate, pid);
        harbor.awaitGates();
    }

    // Which of the two has the last word is the application's session, whatever happens between: the first device is
    // told so and never fights for its place, and what it had bought stays bought.

    @Test
    @EnabledIfSystemProperty(named = FAULTS, matches = "true")
    @Tag("S3.15")
    @Tag("S3.16")
    void secondDevice_comesWhileGatesAndOwnersDie_andStays() throws Exception {
        for (int round = 0; round < 4; round++) {
            long user = 100L + round;
            CompletableFuture<String> replaced = new CompletableFuture<>();
            try (BerthClient phone = device(user, replaced)) {
                assertThat(phone.ask(new Buy(1), LONG).as(Bought.class)).isEqualTo(new Bought(1));
                Harbor.signal("KILL", harbor.pid(HarborPlan.gate(round % GATES)), harbor.pid(harbor.owner(1 + round)));
                try (BerthClient tablet = device(user, new CompletableFuture<>())) {
                    assertThat(tablet.ask(new Buy(2), LONG).as(Bought.class)).isEqualTo(new Bought(2));
                    assertThat(replaced.get(LONG.toMillis(), TimeUnit.MILLISECONDS))
                            .isEqualTo("REPLACED");
                }
                harbor.awaitBack(HarborPlan.gate(round % GATES), BUCKETS);
            } catch (ClientException unexpected) {
                throw new AssertionError("logs are in " + harbor.dir(), unexpected);
            }
        }
        harbor.hasServed();
    }

    private BerthClient device(long user, CompletableFuture<String> ended) {
        return BerthClient.to(harbor.gates().stream()
                        .map(gate -> "tcp://127.0.0.1:" + gate.getPort())
                        .toArray(String[]::new))
                .credentials(String.valueOf(user), "")
                .records(app.messages())
                .onEnd(news -> ended.complete(news.code()))
                .connect();
    }
}
