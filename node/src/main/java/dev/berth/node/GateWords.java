package dev.berth.node;

import dev.berth.core.gateway.Way;
import dev.berth.node.launch.HostPort;
import dev.berth.node.session.GateOpener.Door;
import java.util.ArrayList;
import java.util.List;

/**
 * What the words of a program say about clients.
 *
 * @param gates where they connect to play
 * @param gateways where they connect to be told where they can play
 */
record GateWords(List<Door> gates, List<Door> gateways) {
    GateWords {
        gates = List.copyOf(gates);
        gateways = List.copyOf(gateways);
    }

    static GateWords parse(String... args) {
        List<Door> gates = new ArrayList<>();
        List<Door> gateways = new ArrayList<>();
        String before = "";
        for (int i = 0; i < args.length; i += 2) {
            String word = args[i];
            String where = i + 1 < args.length ? args[i + 1] : "";
            switch (word) {
                case "--gate" -> gates.add(new Door(hostPort(word, where, 0), Way.TCP, null));
                case "--web" -> gates.add(new Door(hostPort(word, where, 0), Way.WEB, null));
                case "--gateway" -> gateways.add(new Door(hostPort(word, where, 0), Way.TCP, null));
                case "--web-gateway" -> gateways.add(new Door(hostPort(word, where, 0), Way.WEB, null));
                case "--reached" -> {
                    HostPort at = hostPort(word, where, 1);
                    if (!before.equals("--gate") && !before.equals("--web")) {
                        throw new IllegalArgumentException(
                                "--reached " + at + " stands behind the --gate or --web that clients reach there");
                    }
                    gates.add(gates.removeLast().reachedAt(at));
                }
                default ->
                    throw new IllegalArgumentException("'" + word + "' is nothing to start with; there are"
                            + " --gate HOST:PORT, --web HOST:PORT, --reached HOST:PORT behind one of them, --gateway"
                            + " HOST:PORT and --web-gateway HOST:PORT");
            }
            before = word;
        }
        return new GateWords(gates, gateways);
    }

    private static HostPort hostPort(String word, String where, int leastPort) {
        return HostPort.parse(where, leastPort)
                .orElseThrow(() -> new IllegalArgumentException(HostPort.wanted(word, where)));
    }

    /** A gateway that crashed with games on it, or was busy with them, would be no gateway. */
    void requireNoGames(String node, boolean offersSlots) {
        if (!gateways.isEmpty() && (offersSlots || !gates.isEmpty())) {
            throw new IllegalArgumentException("node " + node + " is a gateway, and a gateway runs no games:"
                    + " leave out its services, and its --gate and --web");
        }
    }
}
