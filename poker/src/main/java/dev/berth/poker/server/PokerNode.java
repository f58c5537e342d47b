package dev.berth.poker.server;

import dev.berth.gate.GateConfig;
import dev.berth.gate.Gateway;
import dev.berth.gate.Handoff;
import dev.berth.gate.Port;
import dev.berth.node.entity.Entities;
import dev.berth.node.launch.HostPort;
import dev.berth.node.launch.NodeEnvironment;
import dev.berth.node.session.Lobby;
import dev.berth.node.worker.Node;
import dev.berth.poker.Poker;
import dev.berth.poker.server.PokerServer.NewGames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The program that nodes of poker run. Its words: {@code --openpoker HOST:PORT} makes a node a game server for
 * clients as of 2008, {@code --handoff HOST:PORT} a gateway that sends them to one, {@code --test-mode} lets anybody make games with known
 * cards, {@code --new-games} players open games of their own; {@code --gate} and the like are those of every application with users.
 */
public final class PokerNode {
    private PokerNode() {}

    public static void main(String... args) throws IOException {
        Doors doors = Doors.parse(args);
        NodeEnvironment.ofThisProcess()
                .ifPresent(its -> doors.requireNoGames(its.name(), !its.offers().isEmpty()));
        Poker.app().opening(doors::open).start(doors.others.toArray(String[]::new));
    }

    /** What the words of a node say beside those of every application. */
    record Doors(List<HostPort> servers, List<HostPort> gateways, NewGames newGames, List<String> others) {
        static Doors parse(String... args) {
            List<String> all = List.of(args);
            Doors doors = new Doors(
                    new ArrayList<>(),
                    new ArrayList<>(),
                    NewGames.of(all.contains("--test-mode"), all.contains("--new-games")),
                    new ArrayList<>());
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--test-mode", "--new-games" -> {}
                    case "--openpoker" -> doors.servers.add(hostPort(args, ++i));
                    case "--handoff" -> doors.gateways.add(hostPort(args, ++i));
                    default -> doors.others.add(args[i]);
                }
            }
            return doors;
        }

        private static HostPort hostPort(String[] args, int at) {
            String where = at < args.length ? args[at] : "";
            return HostPort.parse(where, 0)
                    .orElseThrow(() -> new IllegalArgumentException(HostPort.wanted(args[at - 1], where)));
        }

        /** A gateway that crashed with games on it, or was busy with them, would be no gateway. */
        void requireNoGames(String node, boolean offersSlots) {
            if (!gateways.isEmpty() && (offersSlots || !servers.isEmpty())) {
                throw new IllegalArgumentException("node " + node + " is a gateway by its --handoff, and a gateway runs"
                        + " no games: leave out its services, and its --openpoker");
            }
        }

        List<String> open(Node node, Entities app, Lobby lobby) throws IOException {
            List<String> said = new ArrayList<>();
            for (HostPort at : servers) {
                PokerServer server = PokerServer.open(node, lobby, app, at.address(), newGames);
                said.add("players of OpenPoker: " + HostPort.of(server.address()));
            }
            for (HostPort at : gateways) {
                Gateway gateway =
                        Gateway.open(node, app.service(), GateConfig.of(Port.tcp(at.address())), Handoff.openPoker());
                said.add("gateway to game servers: "
                        + HostPort.of(gateway.addresses().getFirst()));
            }
            return said;
        }
    }
}
