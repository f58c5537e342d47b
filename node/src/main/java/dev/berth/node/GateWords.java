package dev.berth.node;

import dev.berth.node.launch.HostPort;
import dev.berth.node.session.GateOpener.Kind;
import dev.berth.node.session.GateOpener.Way;
import java.util.ArrayList;
import java.util.List;

/**
 * What the words of a program say about clients.
 *
 * @param gates where they connect to play
 * @param gateways where they connect to be told where they can play
 */
record GateWords(List<Way> gates, List<Way> gateways) {
    GateWords {
        gates = List.copyOf(gates);
        gateways = List.copyOf(gateways);
    }

    static GateWords parse(String... args) {
        List<Way> gates = new ArrayList<>();
        List<Way> gateways = new ArrayList<>();
        for (int i = 0; i < args.length; i += 2) {
            HostPort at = hostPort(args, i);
            switch (args[i]) {
                case "--gate" -> gates.add(new Way(at, Kind.TCP, null));
                case "--web" -> gates.add(new Way(at, Kind.WEB_SOCKET, null));
                case "--gateway" -> gateways.add(new Way(at, Kind.TCP, null));
                case "--web-gateway" -> gateways.add(new Way(at, Kind.WEB_SOCKET, null));
                case "--reached" -> {
                    if (gates.isEmpty() || gates.getLast().reached() != null || !args[i - 2].matches("--gate|--web")) {
                        throw new IllegalArgumentException(
                                "--reached " + at + " stands behind the --gate or --web that clients reach there");
                    }
                    gates.add(gates.removeLast().reachedAt(at));
                }
                default ->
                    throw new IllegalArgumentException("'" + args[i] + "' is nothing to start with; there are"
                            + " --gate HOST:PORT, --web HOST:PORT, --reached HOST:PORT behind one of them, --gateway"
                            + " HOST:PORT and --web-gateway HOST:PORT");
            }
        }
        return new GateWords(gates, gateways);
    }

    private static HostPort hostPort(String[] args, int option) {
        String where = option + 1 < args.length ? args[option + 1] : "";
        return HostPort.parse(where, args[option].equals("--reached") ? 1 : 0)
                .orElseThrow(() -> new IllegalArgumentException(
                        args[option].startsWith("--") ? HostPort.wanted(args[option], where) : unknown(args[option])));
    }

    private static String unknown(String word) {
        return "'" + word + "' is nothing to start with";
    }
}
