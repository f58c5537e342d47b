package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.session.GateLimits;
import dev.berth.core.wire.Bytes;
import dev.berth.gate.GateConfig;
import dev.berth.gate.Gateway;
import dev.berth.gate.Handoff;
import dev.berth.gate.Port;
import dev.berth.gate.SessionGate;
import dev.berth.node.UserApp;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.Requests;
import dev.berth.node.session.Users;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.poker.Numbers;
import dev.berth.poker.OpenTable;
import dev.berth.poker.Player;
import dev.berth.poker.Poker;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.rules.Terms;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Game servers in this JVM, over real sockets and a real store, which stand by for each other. */
final class Parlor implements AutoCloseable {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int BUCKETS = 16;

    /** What a test does. */
    interface Doing {
        void run() throws Exception;
    }

    /** A node and where clients connect to it. */
    record GameServer(Node node, PokerServer poker) {}

    final UserApp<Long> game = Poker.app();
    final Entities app = game.entities();
    final DevCluster cluster;
    final List<GameServer> servers = new ArrayList<>();
    private final List<SessionGate> gates = new ArrayList<>();
    final @Nullable Cellar cellar;
    private @Nullable Gateway gateway;

    Parlor(int count) throws Exception {
        this(count, false);
    }

    /** @param withCellar whether its store can go down */
    Parlor(int count, boolean withCellar) throws Exception {
        cluster = DevCluster.start(ServicePlan.bucketed(app.service(), 2, BUCKETS));
        // The slow hash is slow on purpose.
        cluster.operator()
                .propose(new Proposal.SetSetting(SettingsCatalog.ACCOUNTS_HASH_ROUNDS, "1000"), Duration.ofMinutes(1));
        // max_login_errors of the original.
        cluster.operator()
                .propose(new Proposal.SetSetting(SettingsCatalog.ACCOUNTS_TRIES_MAX, "5"), Duration.ofMinutes(1));
        cellar = withCellar ? new Cellar(cluster) : null;
        for (int i = 1; i <= count; i++) {
            servers.add(server("game-" + i));
        }
    }

    GameServer server(String name) throws IOException {
        NodeConfig config = cluster.node(name).withStandby(app.service(), 2).withMessages(app.messages());
        Node node = cluster.start(
                cellar == null ? config : config.withStore(cellar.address()), Map.of(app.service(), app.code()));
        return new GameServer(node, open(node, true));
    }

    PokerServer open(Node node, boolean isTest) throws IOException {
        return PokerServer.open(node, game.lobby(node, app), app, ANY, isTest);
    }

    InetSocketAddress any() {
        return ANY;
    }

    Node node() {
        return servers.getFirst().node;
    }

    /** What somebody was dealt, as game servers ask for it; empty if nothing. */
    static Bytes cards(OpenTable table, long player, long position) {
        return table.hands(position).stream()
                .filter(hand -> hand.player() == player)
                .map(OpenTable.Hand::cards)
                .findAny()
                .orElse(Bytes.EMPTY);
    }

    OpenTable table(long number) {
        return app.agent(node(), OpenTable.class, number);
    }

    Player player(long number) {
        return app.agent(node(), Player.class, number);
    }

    /** A new table; its number. */
    long table(Terms terms) {
        long number = app.agent(node(), Numbers.class, Numbers.GAMES).take(1);
        table(number).open(terms, null);
        return number;
    }

    /** All that players of these numbers and these tables have, at one look. */
    long chips(List<Long> players, List<Long> games) {
        long sum = 0;
        for (long number : games) {
            TableView view = table(number).look(0).view();
            sum += view.pot()
                    + view.seats().stream().mapToLong(TableView.Seat::stack).sum();
        }
        for (long number : players) {
            sum += player(number).info().balance();
        }
        return sum;
    }

    /** Where clients learn where to go. */
    InetSocketAddress gateway() throws IOException {
        Node node = cluster.start(cluster.node("gateway").withMessages(app.messages()), Map.of());
        gateway = Gateway.open(node, app.service(), GateConfig.of(Port.tcp(ANY)), Handoff.openPoker());
        return gateway.addresses().getFirst();
    }

    /** Where clients of sessions connect. */
    void gate() throws IOException {
        gates.add(openGate("gate-" + gates.size(), ANY));
    }

    private SessionGate openGate(String name, InetSocketAddress at) throws IOException {
        Node node = cluster.start(cluster.node(name).withMessages(app.messages()), Map.of());
        return SessionGate.open(game.lobby(node, app), GateConfig.of(Port.tcp(at)), GateLimits.DEFAULT);
    }

    /** All end, with all their connections; then somebody does something, and others are there. */
    void replaceGates(Doing meanwhile) throws Exception {
        List<InetSocketAddress> at =
                gates.stream().map(gate -> gate.addresses().getFirst()).toList();
        gates.forEach(SessionGate::close);
        meanwhile.run();
        for (int i = 0; i < gates.size(); i++) {
            gates.set(i, openGate("gate-again-" + i, at.get(i)));
        }
    }

    String[] gates() {
        return gates.stream()
                .map(gate -> "tcp://127.0.0.1:" + gate.addresses().getFirst().getPort())
                .toArray(String[]::new);
    }

    /** Which server has this entity. */
    <K, E extends Entity<K>> int ownerOf(Class<E> contract, K key) {
        int[] owner = {-1};
        until("somebody owns " + contract.getSimpleName() + " " + key, () -> {
            View view = Objects.requireNonNull(node().view());
            SlotState slot = view.slot(new Requests(app, node()).slot(contract, key));
            for (int i = 0; slot != null && i < servers.size(); i++) {
                owner[0] = slot.owner().equals(servers.get(i).node.self()) ? i : owner[0];
            }
            return owner[0] >= 0;
        });
        return owner[0];
    }

    /** A server and all that it owns is gone. */
    void end(int server) {
        GameServer gone = servers.remove(server);
        gone.poker.close();
        gone.node.close();
    }

    InetSocketAddress at(int server) {
        return servers.get(server).poker.address();
    }

    /** Somebody with money; his number. */
    long enroll(String nick, String password, long cents) {
        Node node = servers.getFirst().node;
        long number = app.agent(node, Numbers.class, Numbers.PLAYERS).take(1);
        Users.of(node, app).add(nick, password, number);
        app.agent(node, Player.class, number).enroll(nick, cents);
        return number;
    }

    @Override
    public void close() {
        if (gateway != null) {
            gateway.close();
        }
        gates.forEach(SessionGate::close);
        servers.forEach(server -> server.poker.close());
        cluster.close();
        if (cellar != null) {
            cellar.close();
        }
    }

    /** It comes true by itself, however slow the machine is. */
    static void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
