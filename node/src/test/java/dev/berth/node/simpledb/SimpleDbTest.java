package dev.berth.node.simpledb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.GlobalName;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.Timings;
import dev.berth.core.cluster.View;
import dev.berth.node.coordinator.JavaProcess;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.worker.NodeConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Clients with sockets, two agents in this JVM, two databases as processes of the machine, one of which ends by -9.
// A SET that is answered by an error may have happened; every other answer must fit to what was acknowledged.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SimpleDbTest {
    private static final int DIVISOR = 8;
    private static final int SETTERS = 8;

    private final Map<String, JavaProcess> databases = new TreeMap<>();
    private final List<SimpleDb> agents = new ArrayList<>();
    private DevCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = DevCluster.start(Timings.DEFAULT.dividedBy(DIVISOR), 1, ServicePlan.bucketed(SimpleDb.SERVICE, 2, 8));
        for (String name : List.of("db-1", "db-2")) {
            databases.put(name, database(name));
        }
        agents.add(agent("agent-1"));
        agents.add(agent("agent-2"));
    }

    @AfterEach
    void stop() {
        agents.forEach(SimpleDb::close);
        databases.values().forEach(JavaProcess::close);
        cluster.close();
    }

    private JavaProcess database(String name) throws IOException {
        return new JavaProcess(
                DatabaseMain.class,
                cluster.name(),
                cluster.secretFile().toString(),
                address(cluster.node(name).masters().getFirst()),
                address(Objects.requireNonNull(cluster.node(name).store())),
                String.valueOf(DIVISOR),
                name,
                "2");
    }

    private static String address(InetSocketAddress address) {
        return "127.0.0.1:" + address.getPort();
    }

    private SimpleDb agent(String name) throws IOException {
        NodeConfig config = cluster.node(name);
        return SimpleDb.start(config, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private Client client(int agent) throws IOException {
        return new Client(Objects.requireNonNull(agents.get(agent).lines()));
    }

    /** The name of the node whose process has the global name, once it is not the other one's. */
    private String holder(String otherThan) throws InterruptedException {
        LinkedBlockingQueue<View> views = new LinkedBlockingQueue<>();
        agents.getFirst().node().onChange(change -> views.add(change.view()));
        while (true) {
            View view = views.take();
            GlobalName name = view.names().get(SimpleDb.NAME);
            Listing listing = name == null ? null : view.member(name.holder().node());
            if (listing != null && !listing.name().equals(otherThan)) {
                return listing.name();
            }
        }
    }

    @Test
    @Tag("S4.15")
    void linesAreAnswered_onEveryNode_andSetAnswersWhatWasThere() throws Exception {
        try (Client here = client(0);
                Client there = client(1)) {
            assertThat(here.says("GET xxx")).isEqualTo("OK");
            assertThat(here.says("SET xxx yyy")).isEqualTo("OK");
            assertThat(there.says("GET xxx")).isEqualTo("OK yyy");
            assertThat(there.says("SET xxx two words, \u00fc")).isEqualTo("OK yyy");
            assertThat(here.says("SET xxx z")).isEqualTo("OK two words, \u00fc");

            for (String wrong : List.of("", "GET", "GET a b", "SET a", "SET a ", "get a", "DROP a")) {
                assertThat(here.says(wrong))
                        .as(wrong)
                        .isEqualTo("ERR say GET key, or SET key value; a key has no blanks");
            }
            assertThat(here.says("GET " + "k".repeat(257))).isEqualTo("ERR a key has at most 256 bytes");
            assertThat(here.says(new byte[] {'G', 'E', 'T', ' ', (byte) 0xC3, '\n'}))
                    .isEqualTo("ERR not UTF-8");
            assertThat(here.says("GET xxx")).as("it goes on").isEqualTo("OK z");
            String large = "v".repeat(32 * 1_024 - 8);
            assertThat(there.says("SET xxx " + large)).isEqualTo("OK z");
            assertThat(there.says("SET xxx w" + large.substring(1))).isEqualTo("OK " + large);
            assertThat(there.says("SET xxx " + large + "v")).isEqualTo("ERR a line has at most 32768 bytes");
        }
    }

    /** Sets one key to 1, 2, 3, ... through an agent. */
    private final class Setter implements Runnable {
        private final String key;
        private final Client client;
        private final AtomicInteger acknowledged = new AtomicInteger();
        private final CountDownLatch warm = new CountDownLatch(20);
        private final Set<String> possible = new HashSet<>(Set.of("OK"));
        private final Predicate<Setter> goesOn;
        private int errors;

        Setter(String key, int agent, Predicate<Setter> goesOn) throws IOException {
            this.key = key;
            this.client = client(agent);
            this.goesOn = goesOn;
        }

        @Override
        public void run() {
            try (client) {
                for (int i = 1; goesOn.test(this); i++) {
                    String answer = client.says("SET " + key + " " + i);
                    if (answer.startsWith("ERR")) {
                        assertThat(++errors).as(answer).isLessThan(3);
                    } else {
                        assertThat(answer).isIn(possible);
                        possible.clear();
                        acknowledged.incrementAndGet();
                        warm.countDown();
                    }
                    possible.add("OK " + i);
                }
                assertThat(client.says("GET " + key)).isIn(possible);
            } catch (IOException broken) {
                throw new AssertionError(broken);
            } finally {
                while (warm.getCount() > 0) {
                    warm.countDown();
                }
            }
        }
    }

    @Test
    @Tag("S4.15")
    @Tag("S4.6")
    void ownerIsKilled_theNextOneHasTheNameAndTheData_andNoAcknowledgedSetIsLost() throws Exception {
        String first = holder("");
        AtomicInteger until = new AtomicInteger(Integer.MAX_VALUE);
        List<Setter> setters = new ArrayList<>();
        LinkedBlockingQueue<Object> ends = new LinkedBlockingQueue<>();
        for (int i = 0; i < SETTERS; i++) {
            Setter setter = new Setter("key-" + i, i % 2, one -> one.acknowledged.get() < until.get());
            setters.add(setter);
            Thread.ofVirtual()
                    .uncaughtExceptionHandler((_, thrown) -> ends.add(thrown))
                    .start(() -> {
                        setter.run();
                        ends.add("done");
                    });
        }
        for (Setter setter : setters) {
            setter.warm.await();
        }
        assertThat(ends).isEmpty();
        Objects.requireNonNull(databases.get(first)).kill();

        assertThat(holder(first)).isIn(databases.keySet());
        until.set(setters.stream()
                        .mapToInt(setter -> setter.acknowledged.get())
                        .max()
                        .orElseThrow()
                + 20);
        for (Setter _ : setters) {
            assertThat(ends.take()).isEqualTo("done");
        }
    }
}
