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
 * @param jvm the options of each worker's virtual machine
 */
record HarborPlan(
        String capacity,
        String offer,
        Class<?> worker,
        List<String> arguments,
        int workers,
        List<String> jvm,
        int masters,
        Profile timings) {
    static HarborPlan of(Class<?> worker) {
        return new HarborPlan("1", "1", worker, List.of(), 1, List.of(), 1, Profile.DEFAULT);
    }

    HarborPlan withService(String newCapacity, String newOffer) {
        return new HarborPlan(newCapacity, newOffer, worker, arguments, workers, jvm, masters, timings);
    }

    HarborPlan withArguments(String... newArguments) {
        return new HarborPlan(capacity, offer, worker, List.of(newArguments), workers, jvm, masters, timings);
    }

    HarborPlan withWorkers(int newWorkers, List<String> newJvm) {
        return new HarborPlan(capacity, offer, worker, arguments, newWorkers, newJvm, masters, timings);
    }

    HarborPlan withMasters(int newMasters) {
        return new HarborPlan(capacity, offer, worker, arguments, workers, jvm, newMasters, timings);
    }

    HarborPlan withTimings(Profile newTimings) {
        return new HarborPlan(capacity, offer, worker, arguments, workers, jvm, masters, newTimings);
    }

    /** The cluster file. */
    String file(Path dir, int coordinator, List<InetSocketAddress> listen, int store) {
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
            }
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
                        quoted(jvm, option -> option));
    }

    private static <T> String quoted(List<T> all, Function<T, String> word) {
        return String.join(
                ", ", all.stream().map(one -> '"' + word.apply(one) + '"').toList());
    }
}
