package dev.berth.node.launch;

import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.ServicePlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a launcher tells the nodes that it starts, in environment variables. Any thread.
 *
 * @param name of the node
 * @param launcher who may certify its death; goes into its JOIN
 * @param http where the node shows /metrics, /live and /ready
 * @param coordinator the connection string; of interest to masters
 * @param services what the cluster is planned to do; of interest to masters
 * @param stores where the cluster's stores listen; a worker uses the first
 * @param dir where the node may keep files
 */
public record NodeEnvironment(
        String cluster,
        Path secretFile,
        String name,
        String launcher,
        List<HostPort> masters,
        String coordinator,
        Profile timings,
        HostPort listen,
        HostPort http,
        List<Offer> offers,
        List<ServicePlan> services,
        List<HostPort> stores,
        Path dir) {
    static final String LAUNCHER = "BERTH_LAUNCHER";

    public NodeEnvironment {
        masters = List.copyOf(masters);
        offers = List.copyOf(offers);
        services = List.copyOf(services);
        stores = List.copyOf(stores);
    }

    /** For one of several nodes in this process. */
    public NodeEnvironment withName(String other) {
        return new NodeEnvironment(
                cluster,
                secretFile,
                other,
                launcher,
                masters,
                coordinator,
                timings,
                listen,
                http,
                offers,
                services,
                stores,
                dir);
    }

    /** Of this process; nothing if no launcher has started it. */
    public static Optional<NodeEnvironment> ofThisProcess() {
        return of(System.getenv());
    }

    static Optional<NodeEnvironment> of(Map<String, String> variables) {
        if (!variables.containsKey(LAUNCHER)) {
            return Optional.empty();
        }
        return Optional.of(new NodeEnvironment(
                required(variables, "BERTH_CLUSTER"),
                Path.of(required(variables, "BERTH_SECRET_FILE")),
                required(variables, "BERTH_NAME"),
                required(variables, LAUNCHER),
                addresses(variables, "BERTH_MASTERS"),
                required(variables, "BERTH_COORDINATOR"),
                profile(required(variables, "BERTH_TIMINGS")),
                HostPort.parse(required(variables, "BERTH_LISTEN"), 0).orElseThrow(() -> wrong("BERTH_LISTEN")),
                HostPort.parse(required(variables, "BERTH_HTTP"), 0).orElseThrow(() -> wrong("BERTH_HTTP")),
                words(required(variables, "BERTH_OFFERS")).stream()
                        .map(NodeEnvironment::offer)
                        .toList(),
                words(required(variables, "BERTH_SERVICES")).stream()
                        .map(NodeEnvironment::plan)
                        .toList(),
                addresses(variables, "BERTH_STORES"),
                Path.of(required(variables, "BERTH_DIR"))));
    }

    Map<String, String> variables() {
        var all = new TreeMap<String, String>();
        all.put("BERTH_CLUSTER", cluster);
        all.put("BERTH_SECRET_FILE", secretFile.toString());
        all.put("BERTH_NAME", name);
        all.put(LAUNCHER, launcher);
        all.put("BERTH_MASTERS", joined(masters));
        all.put("BERTH_COORDINATOR", coordinator);
        all.put("BERTH_TIMINGS", timings.word());
        all.put("BERTH_LISTEN", listen.toString());
        all.put("BERTH_HTTP", http.toString());
        all.put(
                "BERTH_OFFERS",
                joined(offers.stream().map(NodeEnvironment::word).toList()));
        all.put(
                "BERTH_SERVICES",
                joined(services.stream().map(NodeEnvironment::word).toList()));
        all.put("BERTH_STORES", joined(stores));
        all.put("BERTH_DIR", dir.toString());
        return all;
    }

    /** {@code role=2}, or {@code role=2:standby}. */
    static String word(Offer offer) {
        return offer.service() + "=" + offer.slots() + (offer.standby() ? ":standby" : "");
    }

    private static Offer offer(String word) {
        var parts = word.split("[=:]", -1);
        return new Offer(parts[0], Integer.parseInt(parts[1]), parts.length > 2);
    }

    /** {@code role=5}, {@code gate=4/64} with 64 buckets, {@code role=5:fixed} if its slots stay where they are. */
    static String word(ServicePlan plan) {
        return plan.name() + "=" + plan.capacity() + (plan.isBucketed() ? "/" + plan.buckets() : "")
                + (plan.rebalance() ? "" : ":fixed");
    }

    private static ServicePlan plan(String word) {
        var parts = word.split("=", 2);
        return ServiceOption.parse(parts[0], parts[1]);
    }

    private static String joined(List<?> all) {
        return String.join(",", all.stream().map(Object::toString).toList());
    }

    private static List<HostPort> addresses(Map<String, String> variables, String name) {
        var addresses = new ArrayList<HostPort>();
        for (var word : words(required(variables, name))) {
            addresses.add(HostPort.parse(word, 0).orElseThrow(() -> wrong(name)));
        }
        return addresses;
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    private static Profile profile(String word) {
        for (var profile : Profile.values()) {
            if (profile.word().equals(word)) {
                return profile;
            }
        }
        throw wrong("BERTH_TIMINGS");
    }

    private static String required(Map<String, String> variables, String name) {
        var value = variables.get(name);
        if (value == null) {
            throw wrong(name);
        }
        return value;
    }

    private static IllegalStateException wrong(String name) {
        return new IllegalStateException("the environment variable " + name + " is missing or damaged, although "
                + LAUNCHER + " is set: start the node by berth up");
    }
}
