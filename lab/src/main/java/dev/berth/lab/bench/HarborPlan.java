package dev.berth.lab.bench;

import dev.berth.node.launch.Profile;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * What a {@link Harbor} launches. Any thread.
 *
 * @param capacity of its one service, as a cluster file writes it
 * @param offer what each worker offers of it, as a cluster file writes it
 * @param worker the main class of the workers
 * @param arguments its arguments
 * @param jvm the options of each worker's virtual machine, and of each gate's
 * @param gates further nodes of that main class that own nothing, named gate-a and so on; each listens for clients
 */
record HarborPlan(
        String capacity,
        String offer,
        Class<?> worker,
        List<String> arguments,
        int workers,
        List<String> jvm,
        int masters,
        Profile timings,
        int gates) {
    static HarborPlan of(Class<?> worker) {
        return new HarborPlan("1", "1", worker, List.of(), 1, List.of(), 1, Profile.DEFAULT, 0);
    }

    HarborPlan withService(String newCapacity, String newOffer) {
        return new HarborPlan(newCapacity, newOffer, worker, arguments, workers, jvm, masters, timings, gates);
    }

    HarborPlan withArguments(String... newArguments) {
        return new HarborPlan(capacity, offer, worker, List.of(newArguments), workers, jvm, masters, timings, gates);
    }

    HarborPlan withWorkers(int newWorkers, List<String> newJvm) {
        return new HarborPlan(capacity, offer, worker, arguments, newWorkers, newJvm, masters, timings, gates);
    }

    HarborPlan withMasters(int newMasters) {
        return new HarborPlan(capacity, offer, worker, arguments, workers, jvm, newMasters, timings, gates);
    }

    HarborPlan withTimings(Profile newTimings) {
        return new HarborPlan(capacity, offer, worker, arguments, workers, jvm, masters, newTimings, gates);
    }

    HarborPlan withGates(int newGates) {
        return new HarborPlan(capacity, offer, worker, arguments, workers, jvm, masters, timings, newGates);
    }

    /** The name of a gate's node, from 0. */
    static String gate(int number) {
        return "gate-" + (char) ('a' + number);
    }

    /** The cluster file. */
    String file(Path dir, int coordinator, List<InetSocketAddress> listen, int store, List<InetSocketAddress> clients) {
        return """
            cluster = %s
            timings = %s
            secret-file = "%s"
            state = "%s"
            coordinator { port = %d, dir = "%s" }
            masters = [%s]
            services { %s = %s }
            nodes {
              store { kind = store, listen = "127.0.0.1:%d", jvm = [-Xmx256m, "-XX:+UseSerialGC"] }
              worker {
                kind = worker
                count = %d
                class = "%s"
                args = [%s]
                services { %s = %s }
                jvm = [%s]
              }
            %s}
            """.formatted(
                        Harbor.CLUSTER,
                        timings.word(),
                        dir.resolve("secret"),
                        dir.resolve("state"),
                        coordinator,
                        dir.resolve("coordinator"),
                        quoted(listen, address -> "127.0.0.1:" + address.getPort()),
                        Harbor.SERVICE,
                        capacity,
                        store,
                        workers,
                        worker.getName(),
                        quoted(arguments, argument -> argument),
                        Harbor.SERVICE,
                        offer,
                        quoted(jvm, option -> option),
                        gates(clients));
    }

    private String gates(List<InetSocketAddress> clients) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < gates; i++) {
            all.append("  %s { kind = worker, class = \"%s\", args = [--gate, \"127.0.0.1:%d\"], jvm = [%s] }%n"
                    .formatted(gate(i), worker.getName(), clients.get(i).getPort(), quoted(jvm, option -> option)));
        }
        return all.toString();
    }

    private static <T> String quoted(List<T> all, Function<T, String> word) {
        return String.join(
                ", ", all.stream().map(one -> '"' + word.apply(one) + '"').toList());
    }
}
