package dev.berth.node;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.Requests;
import dev.berth.node.session.Users;
import java.io.IOException;

/** Where a program begins. Any thread. */
@PublicApi
public final class Berth {
    private Berth() {}

    /**
     * Begins the main method of an application of entities.
     *
     * @param name of the application and of its service
     */
    public static App app(String name) {
        return new App(name);
    }

    /**
     * The way to an entity of the application whose code runs on this thread: in what is given to {@link App#login} and {@link
     * UserApp#on}, and in entities. An IllegalStateException elsewhere.
     */
    public static <K, E extends Entity<K>> E agent(Class<E> contract, K key) {
        return Requests.current("Entities.agent(node, " + contract.getSimpleName() + ".class, key)")
                .agent(contract, key);
    }

    /** The users of the application whose code runs on this thread, as {@link #agent}. An IllegalStateException elsewhere: {@link Users#of}. */
    public static Users users() {
        return new Users(Requests.current("Users.of(node, app)"));
    }

    /**
     * Coordinator, master and store in this JVM, and a banner on standard output that says how nodes find them: for a main
     * method that is started from an IDE. Leases outlast any breakpoint, and nothing is kept. It has a name and a secret of its
     * own, drawn at random: it cannot join another cluster, and no node of another can join it.
     *
     * {@snippet :
     * try (DevCluster cluster = Berth.dev(ServicePlan.plain("role", 2))) {
     *     Node node = cluster.start(cluster.node("role-1").withSlots("role", 2), Map.of("role", call -> call.body()));
     *     node.agent("role").callSlot(1, Bytes.utf8("hello"), Duration.ofSeconds(5));
     * }
     * }
     *
     * @param plan the services and their capacities
     * @throws IOException when the temporary directory cannot be written
     */
    public static DevCluster dev(ServicePlan... plan) throws IOException {
        DevCluster cluster = DevCluster.start(plan);
        cluster.banner().forEach(System.out::println);
        return cluster;
    }
}
