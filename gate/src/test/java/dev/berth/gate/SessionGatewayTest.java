package dev.berth.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.gateway.Way;
import dev.berth.core.session.ClientAction;
import dev.berth.node.Berth;
import dev.berth.node.UserApp;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;
import dev.berth.node.launch.HostPort;
import dev.berth.node.worker.Node;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A game with users: an owner of the sessions, two servers with two places each, two gateways, and clients that know the gateways only. They are
 * sent to servers, and what they say is done once wherever they are.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SessionGatewayTest {
    record Count() {}

    record Counted(int times) {}

    interface Counter extends Entity<String> {
        int count();
    }

    private static final class CounterCode implements Counter {
        private final State<Counted> state;

        CounterCode(Context<String> me) {
            state = me.state(new Counted(0));
        }

        @Override
        public int count() {
            return state.set(new Counted(state.get().times() + 1)).times();
        }
    }

    private final UserApp<String> game = Berth.app("inn")
            .entity(Counter.class, CounterCode::new)
            .records(Counted.class)
            .login(who -> who.name())
            .on(
                    Count.class,
                    (uid, _) -> new Counted(Berth.agent(Counter.class, uid).count()));
    private final Entities app = game.entities();
    private final List<Player> players = new ArrayList<>();
    private final List<SessionGate> servers = new ArrayList<>();
    private final List<Gateway> gateways = new ArrayList<>();
    private DevCluster cluster;
    private Node owner;

    @BeforeEach
    void start() throws Exception {
        cluster = DevCluster.start(ServicePlan.bucketed(app.service(), 1, 16));
        owner = cluster.start(
                cluster.node("owner").withSlots(app.service(), 1).withMessages(app.messages()),
                Map.of(app.service(), app.code()));
        assertThat(owner.processes()).isNotNull();
        assertThat(owner.ask(new Proposal.SetSetting(SettingsCatalog.GATE_PLACES, "2"))
                        .join()
                        .accepted())
                .isTrue();
        for (int i = 1; i <= 2; i++) {
            servers.add(server("server-" + i));
            gateways.add(Gateway.open(
                    node("gateway-" + i),
                    app.service(),
                    GateConfig.of(Port.tcp(Haven.ANY)),
                    new Quay.Hasty(Handoff.sessions(), Duration.ofMillis(500))));
        }
        ServerGroup group = new ServerGroup(app.service());
        Haven.eventually(
                "both servers have joined",
                () -> group.all(Objects.requireNonNull(owner.view())).size() == 2);
    }

    @AfterEach
    void stop() {
        players.forEach(Player::close);
        gateways.forEach(Gateway::close);
        servers.forEach(SessionGate::close);
        cluster.close();
    }

    private Node node(String name) throws Exception {
        return cluster.start(cluster.node(name).withMessages(app.messages()), Map.of());
    }

    private SessionGate server(String name) throws Exception {
        Node node = node(name);
        Server server = Server.at(node, app.service());
        SessionGate gate = SessionGate.open(
                game.lobby(node, app),
                GateConfig.of(Port.tcp(Haven.ANY)),
                dev.berth.core.session.GateLimits.DEFAULT,
                server);
        server.join(Map.of(Way.TCP, HostPort.of(gate.addresses().getFirst())));
        return gate;
    }

    /** It knows the gateways. */
    private Player player(String name) {
        return player(
                name, gateways.stream().map(each -> each.addresses().getFirst()).toArray(InetSocketAddress[]::new));
    }

    private Player player(String name, InetSocketAddress... gates) {
        Player player = new Player(app.messages(), name, "", gates);
        players.add(player);
        return player;
    }

    private static void awaitOnline(Player player) throws InterruptedException {
        assertThat(player.online.poll(60, TimeUnit.SECONDS)).isNotNull();
    }

    private static String awaitOffline(Player player, String why) throws InterruptedException {
        for (ClientAction.Offline told = player.offline.poll(60, TimeUnit.SECONDS);
                told != null;
                told = player.offline.poll(60, TimeUnit.SECONDS)) {
            if (told.why().startsWith(why)) {
                assertThat(told.retryNanos()).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
                return told.why();
            }
        }
        throw new AssertionError("not within a minute: " + why);
    }

    private int clients() {
        return servers.stream().mapToInt(SessionGate::count).sum();
    }

    @Test
    @Tag("S3.12")
    @Tag("S3.31")
    @Tag("S3.32")
    @Tag("D4")
    void fivePlayers_fourAreSentToServers_theFifthIsToldToWait_andComesWhenOneHasLeft() throws Exception {
        List<Player> all =
                Stream.of("ada", "bob", "cid", "dan", "eve").map(this::player).toList();
        Haven.eventually(
                "four are online",
                () -> all.stream().filter(each -> !each.online.isEmpty()).count() == 4);
        Player fifth =
                all.stream().filter(each -> each.online.isEmpty()).findFirst().orElseThrow();
        assertThat(awaitOffline(fifth, "NO_PLACE none of"))
                .isEqualTo("NO_PLACE none of 2 servers has a place: 2 full, 0 silent");

        assertThat(clients()).isEqualTo(4);
        Player first = all.stream().filter(each -> each != fifth).findFirst().orElseThrow();
        assertThat(first.ask(new Count())).isEqualTo(new Counted(1));
        first.close();
        players.remove(first);
        awaitOnline(fifth);
        assertThat(fifth.ask(new Count())).isEqualTo(new Counted(1));
        assertThat(gateways)
                .allSatisfy(gateway -> Haven.eventually("gateways keep nobody", () -> gateway.count() == 0));
    }

    @Test
    @Tag("S3.12")
    @Tag("S3.34")
    void serverAndGatewayClose_andTheClientGoesOnAtAnotherServer_withEachWordDoneOnce() throws Exception {
        Player ada = player("ada");
        awaitOnline(ada);
        assertThat(ada.ask(new Count())).isEqualTo(new Counted(1));
        SessionGate its = servers.get(0).count() == 1 ? servers.get(0) : servers.get(1);
        SessionGate other = its == servers.get(0) ? servers.get(1) : servers.get(0);
        gateways.get(0).close();
        its.close();

        assertThat(ada.ask(new Count())).isEqualTo(new Counted(2));
        assertThat(other.count()).isEqualTo(1);
    }

    @Test
    @Tag("S3.10")
    void fullServer_tellsWhoComesUnsent_thatThereIsNoPlace() throws Exception {
        InetSocketAddress server = servers.getFirst().addresses().getFirst();
        awaitOnline(player("ada", server));
        awaitOnline(player("bob", server));

        assertThat(awaitOffline(player("cid", server), "NO_PLACE")).isEqualTo("NO_PLACE this server is full");
        assertThat(player("dan").online.poll(60, TimeUnit.SECONDS)).isNotNull();
        assertThat(servers.get(1).count()).isEqualTo(1);
    }

    @Test
    @Tag("D5")
    @Tag("D6")
    void noServer_isSaidSo_andTheFirstThatStartsTakesThePlayer() throws Exception {
        servers.forEach(SessionGate::close);
        Player ada = player("ada");

        assertThat(awaitOffline(ada, "NO_PLACE no server")).isEqualTo("NO_PLACE no server is there at this moment");
        servers.add(server("server-3"));
        awaitOnline(ada);
    }

    @Test
    void whoDoesNotSayHello_isSentNowhere() throws Exception {
        for (String noise : List.of("GET / HTTP/1.1\r\n\r\n", "\0\0\0\4abcd")) {
            try (Plug plug = new Plug(gateways.getFirst().addresses().getFirst())) {
                plug.text(noise);
                assertThat(plug.toTheEnd()).isEmpty();
            }
        }
        assertThat(clients()).isZero();
    }
}
