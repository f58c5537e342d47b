package dev.berth.node;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.launch.NodeEnvironment;
import dev.berth.node.session.AccountDesk;
import dev.berth.node.session.Accounts;
import dev.berth.node.session.Credentials;
import dev.berth.node.session.UserAccount;
import dev.berth.node.session.Users;
import dev.berth.node.worker.LaunchedNode;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * An application of entities, as its main method describes it: the same program is a node of a cluster when {@code berth up}
 * starts it, and a whole development cluster when anybody else does. One thread.
 *
 * {@snippet :
 * void main() throws Exception {
 *     Berth.app("bank").entity(Account.class, AccountCode::new).start();
 * }
 * }
 */
@PublicApi
public final class App {
    /** Of the development cluster; that of a real one is in its cluster file. */
    private static final int BUCKETS = 64;

    private final String name;
    private final Entities.Builder entities;

    App(String name) {
        this.name = name;
        this.entities = Entities.named(name);
    }

    /** As {@link Entities.Builder#entity}. */
    public <K, E extends Entity<K>> App entity(Class<E> contract, Function<Context<K>, ? extends E> code) {
        entities.entity(contract, code);
        return this;
    }

    /** As {@link Entities.Builder#records}. */
    public App records(Class<?>... more) {
        entities.records(more);
        return this;
    }

    /** As {@link Entities.Builder#idle}. */
    public App idle(Duration after) {
        entities.idle(after);
        return this;
    }

    /**
     * The application has users, whose clients connect at gates: see {@link UserApp}. Nothing can be added to this one afterwards that the other
     * cannot.
     *
     * @param login who that is: the key of the user, a Long, Integer, String or UUID. It may take its time (a virtual thread of its own), ask entities by
     *     {@link Berth#agent}, and throws {@link dev.berth.node.entity.Denied} for a no
     */
    public <K> UserApp<K> login(Function<Credentials, K> login) {
        return new UserApp<>(name, entities, _ -> login);
    }

    /**
     * The same with accounts that Berth keeps: names and passwords, each with a number, which is the user's key. {@link Users} makes and changes
     * them, from code, and {@code ./berth users} by hand.
     */
    public UserApp<Long> accounts() {
        entities.entity(UserAccount.class, Accounts::code).records(Accounts.KEPT);
        return new UserApp<>(name, entities, AccountDesk::door);
    }

    /** What the application has, for whoever runs it himself: on a node of his own, or in a test. */
    public Entities entities() {
        return entities.build();
    }

    /**
     * Runs until the node is over: the node that {@code berth up} wants, or else a development cluster with one node in this
     * JVM, as from an IDE.
     */
    public void start() throws IOException {
        start(entities.build(), (_, _) -> List.of());
    }

    /** What else runs at a node, and what to say about it. */
    @FunctionalInterface
    interface Beside {
        List<String> open(Node node, boolean launched) throws IOException;
    }

    static void start(Entities app, Beside beside) throws IOException {
        Optional<NodeEnvironment> launched = NodeEnvironment.ofThisProcess();
        if (launched.isEmpty()) {
            try (Running running = dev(app)) {
                running.cluster.banner().forEach(System.out::println);
                beside.open(running.node, false).forEach(System.out::println);
                running.node.ended().join();
            }
            return;
        }
        Node node = Node.start(
                NodeConfig.of(launched.get()).withMessages(app.messages()), Map.of(app.service(), app.code()));
        String called = launched.get().name();
        // It waits until the node is listed, which its launcher is told meanwhile.
        Thread.startVirtualThread(() -> {
            try {
                beside.open(node, true).forEach(LaunchedNode::say);
            } catch (IOException | RuntimeException failed) {
                LaunchedNode.say(called + " cannot be what it is to be: " + failed.getMessage());
                node.close();
            }
        });
        LaunchedNode.end(called, LaunchedNode.follow(node, called, node::close));
    }

    /** A development cluster with one node in this JVM, for tests and tools; nothing of it outlives {@link Running#close}. */
    public Running dev() throws IOException {
        return dev(entities.build());
    }

    static Running dev(Entities app) throws IOException {
        String name = app.service();
        DevCluster cluster = DevCluster.start(ServicePlan.bucketed(name, 1, BUCKETS));
        try {
            Node node = cluster.start(
                    cluster.node(name + "-1").withSlots(name, 1).withMessages(app.messages()),
                    Map.of(name, app.code()));
            return new Running(app, cluster, node);
        } catch (IOException | RuntimeException failed) {
            cluster.close();
            throw failed;
        }
    }

    /** An application that runs in this JVM. Any thread. */
    @PublicApi
    public static final class Running implements AutoCloseable {
        private final Entities app;
        private final DevCluster cluster;
        private final Node node;

        private Running(Entities app, DevCluster cluster, Node node) {
            this.app = app;
            this.cluster = cluster;
            this.node = node;
        }

        /** The way to an entity. */
        public <K, E extends Entity<K>> E agent(Class<E> contract, K key) {
            return app.agent(node, contract, key);
        }

        public Node node() {
            return node;
        }

        public DevCluster cluster() {
            return cluster;
        }

        @Override
        public void close() {
            cluster.close();
        }
    }
}
