package dev.berth.node;

import dev.berth.core.gateway.Way;
import dev.berth.node.launch.HostPort;
import dev.berth.node.session.GateOpener.Door;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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
        Path pages = null;
        String before = "";
        for (int i = 0; i < args.length; i += 2) {
            String word = args[i];
            String where = i + 1 < args.length ? args[i + 1] : "";
            switch (word) {
                case "--gate" -> gates.add(Door.of(hostPort(word, where, 0), Way.TCP));
                case "--web" -> gates.add(Door.of(hostPort(word, where, 0), Way.WEB));
                case "--gateway" -> gateways.add(Door.of(hostPort(word, where, 0), Way.TCP));
                case "--web-gateway" -> gateways.add(Door.of(hostPort(word, where, 0), Way.WEB));
                case "--reached" -> {
                    HostPort at = hostPort(word, where, 1);
                    if (!before.equals("--gate") && !before.equals("--web")) {
                        throw new IllegalArgumentException(
                                "--reached " + at + " stands behind the --gate or --web that clients reach there");
                    }
                    gates.add(gates.removeLast().reachedAt(at));
                }
                case "--pages" -> pages = directory(where);
                default ->
                    throw new IllegalArgumentException("'" + word + "' is nothing to start with; there are"
                            + " --gate HOST:PORT, --web HOST:PORT, --reached HOST:PORT behind one of them, --gateway"
                            + " HOST:PORT, --web-gateway HOST:PORT and --pages DIRECTORY");
            }
            before = word;
        }
        if (pages != null) {
            Path directory = pages;
            gates.replaceAll(door -> door.withPages(directory));
            gateways.replaceAll(door -> door.withPages(directory));
            if (Stream.of(gates, gateways).flatMap(List::stream).noneMatch(door -> door.way() == Way.WEB)) {
                throw new IllegalArgumentException(
                        "--pages " + pages + " is for browsers, and there is no --web or --web-gateway");
            }
        }
        return new GateWords(gates, gateways);
    }

    private static Path directory(String where) {
        Path directory = Path.of(where);
        if (where.isEmpty() || !Files.isDirectory(directory)) {
            throw new IllegalArgumentException("--pages needs a directory, got '" + where + "'"
                    + (where.isEmpty() ? "" : ", which is " + directory.toAbsolutePath()));
        }
        return directory;
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
