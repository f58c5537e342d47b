package dev.berth.poker.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The cluster file of a game on one machine, written node by node. One thread. */
public final class PokerFile {
    /** Ports that no client sees: of the coordinator, two masters and the store. */
    public static final int PORTS = 4;

    private static final String PROGRAM = "dev.berth.poker.server.PokerNode";

    private final String cluster;
    private final int servers;
    private final List<Integer> ports;
    private final List<String> head = new ArrayList<>();
    private final List<String> services = new ArrayList<>();
    private final StringBuilder nodes = new StringBuilder();

    /**
     * @param servers how many game servers share the tables
     * @param ports {@link #PORTS} that are free
     */
    public PokerFile(String cluster, int servers, List<Integer> ports) {
        this.cluster = cluster;
        this.servers = servers;
        this.ports = List.copyOf(ports);
        services.add("poker { capacity = %d, buckets = 64 }".formatted(servers));
    }

    /** A line of its own in front, or one that nobody else writes. */
    public PokerFile line(String line) {
        head.add(line);
        return this;
    }

    /** One more service. */
    public PokerFile service(String plan) {
        services.add(plan);
        return this;
    }

    /** A game server for clients of 2008; further words are the program's. */
    public PokerFile server(String name, int port, String... words) {
        return server(name, PROGRAM, "", List.of("-Xmx512m"), port, words);
    }

    /**
     * The same with a program of its own.
     *
     * @param program by the name of its class
     * @param offers of further services, or nothing
     * @param jvm options of its virtual machine
     */
    public PokerFile server(String name, String program, String offers, List<String> jvm, int port, String... words) {
        List<String> args = new ArrayList<>(List.of("--openpoker", "127.0.0.1:" + port));
        args.addAll(List.of(words));
        String poker = "services { poker { slots = %d, standby = true }%s }"
                .formatted(servers, offers.isEmpty() ? "" : ", " + offers);
        return node(name, program, args, poker, jvm);
    }

    /** A node that owns nothing: a gate or a gateway, as its words say. */
    public PokerFile door(String name, List<String> jvm, String... words) {
        return node(name, PROGRAM, List.of(words), "", jvm);
    }

    private PokerFile node(String name, String program, List<String> args, String offers, List<String> jvm) {
        nodes.append("""
              %s {
                kind = worker
                class = %s
                args = %s
                %s
                jvm = %s
              }
            """.formatted(name, program, list(args), offers, list(jvm)));
        return this;
    }

    private static String list(List<String> words) {
        return words.stream().collect(Collectors.joining("\", \"", "[\"", "\"]"));
    }

    /** What {@code ./berth up} reads. */
    public String text() {
        return """
            %s
            cluster = %s
            coordinator { port = %d }
            masters = ["127.0.0.1:%d", "127.0.0.1:%d"]
            services { %s }
            nodes {
              store { kind = store, listen = "127.0.0.1:%d", args = ["--pace", "2000"] }
            %s}
            """.formatted(
                        String.join("\n", head),
                        cluster,
                        ports.get(0),
                        ports.get(1),
                        ports.get(2),
                        String.join(", ", services),
                        ports.get(3),
                        nodes);
    }
}
