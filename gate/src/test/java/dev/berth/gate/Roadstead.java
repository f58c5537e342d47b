package dev.berth.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.core.session.GateLimits;
import dev.berth.node.UserApp;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Requests;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An application with users in this JVM, over real sockets and a real store: nodes of gates, and owners, which stand by, so that another one takes
 * half of what there is.
 */
final class Roadstead implements AutoCloseable {
    static final int BUCKETS = 16;

    final DevCluster cluster;
    /** Of gates. */
    final Node first;

    final Node second;
    private final UserApp<Long> game;
    private final Entities app;
    private final String password;
    private final List<Player> players = new ArrayList<>();

    Roadstead(UserApp<Long> game, Entities app, String password) throws IOException {
        this.game = game;
        this.app = app;
        this.password = password;
        cluster = DevCluster.start(ServicePlan.bucketed(app.service(), 2, BUCKETS));
        first = caller("gate-1");
        second = caller("gate-2");
    }

    private Node caller(String name) throws IOException {
        return cluster.start(cluster.node(name).withMessages(app.messages()), Map.of());
    }

    Node owner(String name) throws IOException {
        return cluster.start(
                cluster.node(name).withStandby(app.service(), 2).withMessages(app.messages()),
                Map.of(app.service(), app.code()));
    }

    /** The second node's has loops of its own, so that what is shown is shown across threads too. */
    SessionGate gate(Node node, InetSocketAddress at) throws IOException {
        return SessionGate.open(
                game.lobby(node, app),
                GateConfig.of(Port.tcp(at)).withLoops(node == second ? 2 : 0),
                GateLimits.DEFAULT);
    }

    /** Who is in. */
    Player player(long uid, SessionGate... at) throws Exception {
        InetSocketAddress[] addresses =
                Stream.of(at).map(each -> each.addresses().getFirst()).toArray(InetSocketAddress[]::new);
        Player player = new Player(app.messages(), String.valueOf(uid), password, addresses);
        players.add(player);
        assertThat(player.online.poll(60, TimeUnit.SECONDS)).isNotNull();
        return player;
    }

    /** Who is there no more. */
    void left(Player player) {
        player.close();
        players.remove(player);
    }

    Incarnation ownerOf(Class<?> contract, Object key) {
        View view = Objects.requireNonNull(second.view());
        SlotId slot = new Requests(app, second).slot(contract, key);
        return Objects.requireNonNull(view.slot(slot)).owner();
    }

    boolean isAt(Node owner, Class<?> contract, Object key) {
        return ownerOf(contract, key).equals(owner.self());
    }

    void awaitHalves(Node one, Node other) {
        Haven.eventually("both own half", () -> slotsOf(one) == BUCKETS / 2 && slotsOf(other) == BUCKETS / 2);
    }

    long slotsOf(Node node) {
        View view = second.view();
        if (view == null) {
            return 0;
        }
        return IntStream.rangeClosed(1, BUCKETS)
                .mapToObj(number -> view.slot(new SlotId(app.service(), number)))
                .filter(state -> state != null && state.owner().equals(node.self()) && state.isServed())
                .count();
    }

    @Override
    public void close() {
        players.forEach(Player::close);
        cluster.close();
    }
}
