package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.Timings;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.link.Secret;
import dev.berth.node.operate.Operator;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.node.worker.SlotService;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// A whole cluster with real sockets, used all the time, while strangers say nonsense at every port, nodes come that do
// not belong, and services fail to load. What the callers were told is compared with what is there.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BadNeighboursTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String SERVICE = "kv";

    private static Map<String, SlotService> numbers() {
        return Map.of(SERVICE, new Numbers(_ -> {}));
    }

    private static View await(Node node, Predicate<View> what) throws InterruptedException {
        LinkedBlockingQueue<View> views = new LinkedBlockingQueue<>();
        node.onChange(change -> views.add(change.view()));
        View view = node.view();
        while (view == null || !what.test(view)) {
            view = views.take();
        }
        return view;
    }

    /** Says something to a port, and stays as long as it is let. */
    private static Thread stranger(InetSocketAddress port, AtomicBoolean over, int manner) {
        return Thread.ofVirtual().start(() -> {
            SplittableRandom dice = new SplittableRandom(manner);
            while (!over.get()) {
                try (Socket socket = new Socket(port.getAddress(), port.getPort())) {
                    socket.setSoTimeout(500);
                    OutputStream out = socket.getOutputStream();
                    byte[] noise = new byte[manner == 1 ? 1 << 20 : 64];
                    dice.nextBytes(noise);
                    switch (manner) {
                        // Garbage, and more of it than any handshake has.
                        case 0, 1 -> out.write(noise);
                        // The right beginning, and then it ends.
                        case 2 -> out.write("BRTH".getBytes(StandardCharsets.US_ASCII));
                        // One byte after the other.
                        case 3 -> {
                            for (byte each : noise) {
                                out.write(each);
                                out.flush();
                                Thread.sleep(50);
                            }
                        }
                        // Silence.
                        default -> {}
                    }
                    out.flush();
                    if (manner != 2) {
                        // Until it is turned away, or for half a second.
                        socket.getInputStream().readNBytes(noise, 0, 1);
                    }
                } catch (IOException closed) {
                    Thread.onSpinWait(); // it is turned away, as it should be, and comes again
                } catch (InterruptedException ended) {
                    return;
                }
            }
        });
    }

    @Test
    void strangersAtEveryPort_hurtNobody() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain(SERVICE, 2))) {
            NodeConfig config = cluster.node("worker").withSlots(SERVICE, 2);
            Node worker = cluster.start(config, numbers());
            Node gate = cluster.start(cluster.node("gate"), Map.of());
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> strangers = new ArrayList<>();
            try (Passengers passengers = new Passengers(gate, SERVICE, 2, 4)) {
                passengers.awaitEverybody(LONG);
                for (InetSocketAddress port : List.of(
                        cluster.masters().getFirst().address(),
                        Objects.requireNonNull(config.store()),
                        worker.address(),
                        gate.address())) {
                    for (int manner = 0; manner < 5; manner++) {
                        strangers.add(stranger(port, over, manner));
                    }
                }
                for (int i = 0; i < 30; i++) {
                    passengers.awaitEverybody(LONG);
                }
                over.set(true);
                assertThat(passengers.end()).isEmpty();
                assertThat(passengers.unknown).hasValue(0);
                assertThat(passengers.refused).hasValue(0);
            } finally {
                over.set(true);
                strangers.forEach(Thread::interrupt);
            }
        }
    }

    @Test
    void whoDoesNotBelong_isNotListed() throws Exception {
        try (DevCluster cluster = DevCluster.start(DevCluster.PATIENT, 1, ServicePlan.plain(SERVICE, 1));
                Operator operator = cluster.operator()) {
            Node worker = cluster.start(cluster.node("worker").withSlots(SERVICE, 1), numbers());
            Node gate = cluster.start(cluster.node("gate"), Map.of());
            List<InetSocketAddress> masters = cluster.node("x").masters();
            Secret wrong = Secret.of("not the secret of this cluster".getBytes(StandardCharsets.US_ASCII));
            Secret right = cluster.node("x").secret();
            try (Node wrongSecret = Node.start(NodeConfig.of(cluster.name(), wrong, "wrong-secret", masters));
                    Node otherCluster = Node.start(NodeConfig.of("other", right, "other-cluster", masters));
                    Passengers passengers = new Passengers(gate, SERVICE, 1, 4)) {
                for (int i = 0; i < 30; i++) {
                    passengers.awaitEverybody(LONG);
                }
                assertThat(passengers.end()).isEmpty();
                assertThat(passengers.unknown).hasValue(0);
                List<String> names = new ArrayList<>();
                operator.status(LONG).view().members().forEach(member -> names.add(member.name()));
                assertThat(names).containsExactlyInAnyOrder("worker", "gate");
                assertThat(wrongSecret.listed()).isNotDone();
                assertThat(otherCluster.listed()).isNotDone();
            }
            assertThat(worker.mayAct()).isTrue();
        }
    }

    @Test
    void loadThatThrows_isGivenUpByThreeOwners_parked_reported_andOfferedAgainOnRequest() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        Numbers.Loading loading = slot -> {
            if (broken.get() && slot.number() == 2) {
                throw new IOException("the table of the players is damaged");
            }
        };
        try (DevCluster cluster = DevCluster.start(DevCluster.PATIENT, 1, ServicePlan.plain(SERVICE, 2));
                Operator operator = cluster.operator()) {
            Node gate = cluster.start(cluster.node("gate"), Map.of());
            for (int i = 1; i <= 3; i++) {
                cluster.start(
                        cluster.node("worker-" + i).withStandby(SERVICE, 2), Map.of(SERVICE, new Numbers(loading)));
            }
            SlotId second = new SlotId(SERVICE, 2);
            await(gate, view -> view.slot(second) instanceof SlotState.Parked);
            assertThat(operator.status(LONG).view().toView().slot(second))
                    .asString()
                    .contains("PARKED", "given up by 3 owners");
            assertThat(gate.agent(SERVICE)
                            .callSlot(1, Bytes.utf8("ADD x"), LONG)
                            .utf8())
                    .startsWith("1 ");

            broken.set(false);
            assertThat(operator.propose(new Proposal.RetrySlot(second), LONG).accepted())
                    .isTrue();
            assertThat(gate.agent(SERVICE)
                            .callSlot(2, Bytes.utf8("ADD x"), LONG)
                            .utf8())
                    .startsWith("1 ");
        }
    }

    @Test
    void ownerThatIsNeverReady_keepsOnlyItsOwnSlotWaiting() throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        Numbers.Loading loading = slot -> {
            if (slot.number() == 2) {
                ready.await();
            }
        };
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain(SERVICE, 2))) {
            Node gate = cluster.start(cluster.node("gate"), Map.of());
            cluster.start(cluster.node("worker").withSlots(SERVICE, 2), Map.of(SERVICE, new Numbers(loading)));

            try (Passengers passengers = new Passengers(gate, SERVICE, 1, 4)) {
                for (int i = 0; i < 50; i++) {
                    passengers.awaitEverybody(LONG);
                }
                View view = Objects.requireNonNull(gate.view());
                assertThat(view.slot(new SlotId(SERVICE, 2))).isInstanceOf(SlotState.Offered.class);
                ready.countDown();
                assertThat(gate.agent(SERVICE)
                                .callSlot(2, Bytes.utf8("ADD x"), LONG)
                                .utf8())
                        .startsWith("1 ");
                assertThat(passengers.end()).isEmpty();
            }
        }
    }

    @Test
    @Tag("D10")
    void memberThatBeatsAndAppliesNoView_losesItsLease_andBlocksNobody() throws Exception {
        Timings quick = Timings.DEFAULT.dividedBy(4);
        try (DevCluster cluster = DevCluster.start(quick, 1, ServicePlan.plain(SERVICE, 1));
                StubbornMember stubborn = StubbornMember.join(cluster, quick);
                Operator operator = cluster.operator()) {
            stubborn.awaitLease();
            cluster.start(cluster.node("worker").withSlots(SERVICE, 1), numbers());
            Node gate = cluster.start(cluster.node("gate"), Map.of());

            assertThat(gate.agent(SERVICE)
                            .callSlot(1, Bytes.utf8("ADD x"), LONG)
                            .utf8())
                    .startsWith("1 ");
            assertThat(operator.status(LONG).members())
                    .filteredOn(member -> member.incarnation().equals(stubborn.self()))
                    .singleElement()
                    .satisfies(member -> {
                        assertThat(member.applied()).isEqualTo(stubborn.self().number());
                        assertThat(member.leaseNanos())
                                .as("no lease since it lags behind")
                                .isZero();
                    });
            assertThat(stubborn.beats()).as("it has not been silent").isGreaterThan(1);
        }
    }
}
