package dev.berth.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.ToolMessage;
import dev.berth.core.gateway.Way;
import dev.berth.gate.Quay.Berthed;
import dev.berth.node.launch.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Gateways and servers with two places each, every one a node of a cluster, and clients of 2008 over sockets: they connect to a gateway, read one
 * HANDOFF to the end, connect there and play. How many play is compared with how many places there are.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class GatewayTest {
    private final List<Plug> players = new ArrayList<>();
    private Quay quay;

    @BeforeEach
    void start() throws Exception {
        quay = new Quay();
        quay.places(2);
    }

    @AfterEach
    void stop() throws Exception {
        for (Plug player : players) {
            player.close();
        }
        quay.close();
    }

    private static InetSocketAddress at(Gateway gateway) {
        return gateway.addresses().getFirst();
    }

    /** From the gateway to the game. */
    private static Optional<Plug> plays(Gateway gateway) throws IOException {
        Optional<HostPort> there = Quay.handedTo(at(gateway));
        return there.isEmpty() ? Optional.empty() : Quay.playing(there.get().address());
    }

    /** All at the same moment. */
    private static <T> List<T> together(List<Callable<T>> all) throws Exception {
        CyclicBarrier start = new CyclicBarrier(all.size());
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> ends = new ArrayList<>();
            for (Callable<T> each : all) {
                ends.add(threads.submit(() -> {
                    start.await();
                    return each.call();
                }));
            }
            for (Future<T> end : ends) {
                results.add(end.get(60, TimeUnit.SECONDS));
            }
        }
        return results;
    }

    @Test
    @Tag("S3.10")
    @Tag("S3.31")
    @Tag("S3.33")
    @Tag("D4")
    void sevenClients_atTwoGatewaysAtOnce_sixPlay_andOneIsToldInTime() throws Exception {
        List<Berthed> servers = List.of(quay.server(), quay.server(), quay.server());
        List<Gateway> gateways = List.of(quay.oldGateway(), quay.oldGateway());
        quay.awaitServers(3);
        AtomicInteger playing = new AtomicInteger();
        List<Callable<Optional<Plug>>> all = new ArrayList<>();
        for (int client = 0; client < 7; client++) {
            Gateway gateway = gateways.get(client % 2);
            all.add(() -> {
                Optional<Plug> plays = plays(gateway);
                // On a machine that stalls one may be told too early that there is none.
                while (plays.isEmpty() && playing.get() < 6) {
                    plays = plays(gateway);
                }
                plays.ifPresent(_ -> playing.incrementAndGet());
                return plays;
            });
        }
        together(all).stream().flatMap(Optional::stream).forEach(players::add);

        assertThat(players).hasSize(6);
        assertThat(servers)
                .allSatisfy(server -> assertThat(server.server().taken()).isEqualTo(2));
    }

    @Test
    @Tag("S3.10")
    void fullServer_letsNobodyIn_whoeverComesUnsent() throws Exception {
        Berthed server = quay.server();
        players.add(Quay.playing(server.at()).orElseThrow());
        players.add(Quay.playing(server.at()).orElseThrow());

        assertThat(Quay.playing(server.at())).isEmpty();
        assertThat(Haven.refused(server.gate(), "server-full")).isEqualTo(1);
        assertThat(server.server().told()).isEqualTo(new ToolMessage.PlacesTold(Quay.GROUP, 2, 2, 0));
        players.removeFirst().close();
        Haven.eventually("a place is free", () -> server.server().taken() == 1);
        players.add(Quay.playing(server.at()).orElseThrow());
    }

    /** The third is told so at once, and not when nobody has had a place for a minute. */
    @Test
    void oneAddress_keepsSoManyPlaces_andNoMore() throws Exception {
        quay.places(5);
        quay.server();
        Gateway gateway = quay.gateway(
                new Quay.Hasty(Handoff.openPoker(), Duration.ofMinutes(1)),
                Haven.roomy().withPlacesPerAddress(2));
        quay.awaitServers(1);

        assertThat(Quay.handedTo(at(gateway))).isPresent();
        assertThat(Quay.handedTo(at(gateway))).isPresent();
        long begin = System.nanoTime();
        assertThat(Quay.handedTo(at(gateway))).isEmpty();
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(50));
        assertThat(Haven.refused(gateway.transport(), "address-places")).isEqualTo(1);
    }

    @Test
    void placesAreChanged_whileTheServerRuns() throws Exception {
        Berthed server = quay.server();
        players.add(Quay.playing(server.at()).orElseThrow());
        players.add(Quay.playing(server.at()).orElseThrow());
        quay.places(3);
        Haven.eventually("it knows", () -> server.server().places() == 3);
        players.add(Quay.playing(server.at()).orElseThrow());
        quay.places(0);

        Gateway gateway = quay.oldGateway();
        quay.awaitServers(1);
        assertThat(Quay.handedTo(at(gateway))).isEmpty();
        assertThat(server.server().taken()).isEqualTo(3);
    }

    @Test
    @Tag("S3.32")
    @Tag("D5")
    @Tag("D6")
    void noServer_isNoAddress_theClientIsClosedInTime_andTheGatewaySendsTheNextOne() throws Exception {
        Gateway gateway = quay.oldGateway();
        long begin = System.nanoTime();

        assertThat(Quay.handedTo(at(gateway))).isEmpty();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(Quay.PATIENCE.toNanos());
        Haven.eventually("nothing is left of it", () -> gateway.count() == 0);

        Berthed server = quay.server();
        quay.awaitServers(1);
        assertThat(Quay.handedTo(at(gateway))).contains(HostPort.of(server.at()));
        Haven.eventually("nothing is left of the second", () -> gateway.count() == 0);
    }

    @Test
    @Tag("S3.30")
    @Tag("D6")
    void serverStarts_whileAClientWaits_andTakesIt() throws Exception {
        Gateway gateway = quay.gateway(new Quay.Hasty(Handoff.openPoker(), Duration.ofMinutes(1)));
        try (Plug early = new Plug(at(gateway))) {
            Haven.eventually("it waits", () -> gateway.count() == 1);
            Berthed server = quay.server();

            assertThat(Quay.handedTo(early)).contains(HostPort.of(server.at()));
        }
        Haven.eventually("nothing is left of it", () -> gateway.count() == 0);
    }

    @Test
    @Tag("S3.12")
    @Tag("S3.30")
    @Tag("S3.34")
    void serverDies_leavesTheGroup_itsClientsComeToAnother_andOneThatIsAddedTakesClientsToo() throws Exception {
        Berthed first = quay.server();
        Gateway gateway = quay.oldGateway();
        quay.awaitServers(1);
        players.add(plays(gateway).orElseThrow());
        players.add(plays(gateway).orElseThrow());
        Berthed second = quay.server();
        quay.awaitServers(2);
        first.node().close();

        assertThat(players).allSatisfy(player -> assertThat(player.toTheEnd()).isEmpty());
        quay.awaitServers(1);
        for (int client = 0; client < 2; client++) {
            assertThat(Quay.handedTo(at(gateway))).contains(HostPort.of(second.at()));
        }
    }

    @Test
    @Tag("S3.33")
    void gatewayDies_whileItsClientsWait_andTheOtherOneSendsThem() throws Exception {
        Gateway first = quay.gateway(Handoff.openPoker());
        Gateway second = quay.oldGateway();
        try (Plug waiting = new Plug(at(first))) {
            Haven.eventually("it waits", () -> first.count() == 1);
            first.close();
            assertThat(waiting.toTheEnd()).isEmpty();
        }
        Berthed server = quay.server();
        quay.awaitServers(1);

        assertThat(Quay.handedTo(at(second))).contains(HostPort.of(server.at()));
    }

    @Test
    void whatAClientOf2008Says_isNotHeard_andManyOfThemCostNothing() throws Exception {
        Gateway gateway = quay.oldGateway();
        try (Plug talker = new Plug(at(gateway))) {
            talker.text("\0\4LIST\0\4LIST");
            assertThat(talker.toTheEnd()).isEmpty();
        }
        Haven.eventually("nothing is left of it", () -> gateway.count() == 0);
    }

    @Test
    void serverThatNobodyCanReach_doesNotJoin() throws Exception {
        Server server = Server.at(quay.node(), Quay.GROUP);

        assertThatThrownBy(() -> server.join(Map.of(Way.TCP, new HostPort("0.0.0.0", 3000))))
                .hasMessageContaining("clients cannot connect to 0.0.0.0:3000");
        assertThatThrownBy(() -> server.join(Map.of(
                        Way.TCP, new HostPort(InetAddress.getLoopbackAddress().getHostAddress(), 0))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Server.at(quay.calls, "x".repeat(41))).hasMessageContaining("at most 40");
    }
}
