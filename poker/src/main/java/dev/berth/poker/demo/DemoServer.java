package dev.berth.poker.demo;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.node.UserApp;
import dev.berth.node.demo.Ghost;
import dev.berth.node.demo.KeyValue;
import dev.berth.node.entity.Entities;
import dev.berth.node.launch.HostPort;
import dev.berth.node.launch.NodeEnvironment;
import dev.berth.node.worker.LaunchedNode;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.poker.Poker;
import dev.berth.poker.server.PokerServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A game server of the demonstration: as every other one, with a service of numbers beside it by which two owners of a slot would be seen, and a ghost when
 * the node is over.
 */
public final class DemoServer {
    private static final int ZOMBIE_WRITES = 20;

    /** What it says of its release, and then which. */
    static final String RUNS = "runs ";

    private DemoServer() {}

    /** {@code --openpoker HOST:PORT}, started by a launcher. */
    public static void main(String... args) throws Exception {
        NodeEnvironment environment = NodeEnvironment.ofThisProcess()
                .orElseThrow(() -> new IllegalStateException("this server is started by berth demo, not by hand"));
        HostPort at = HostPort.parse(args[List.of(args).indexOf("--openpoker") + 1], 0)
                .orElseThrow();
        UserApp<Long> game = Poker.app();
        Entities app = game.entities();
        NodeConfig config = NodeConfig.of(environment).withMessages(app.messages());
        Node node = Node.start(config, Map.of(app.service(), app.code(), KeyValue.NAME, new KeyValue(_ -> {})));
        LaunchedNode.say(RUNS + Release.name());
        SortedMap<SlotId, Long> epochs = new ConcurrentSkipListMap<>();
        var _ = node.onChange(change -> remember(node, change.view(), epochs));
        String name = environment.name();
        // It waits until the node is listed, which its launcher is told meanwhile.
        Thread.startVirtualThread(() -> open(node, game, app, at, name));
        String cause = LaunchedNode.follow(node, name, node::close);
        if (cause.startsWith("expelled")) {
            List<Grant> over = epochs.entrySet().stream()
                    .map(each -> new Grant(each.getKey(), each.getValue()))
                    .toList();
            Ghost.haunt(config, over, ZOMBIE_WRITES);
        }
        LaunchedNode.end(name, cause);
    }

    /** The newest epoch under which it has owned each slot. */
    private static void remember(Node node, View view, Map<SlotId, Long> epochs) {
        view.forEachUnit((slot, state) -> {
            if (state.owner().equals(node.self())) {
                epochs.merge(slot, state.epoch(), Math::max);
            }
        });
    }

    private static void open(Node node, UserApp<Long> game, Entities app, HostPort at, String name) {
        try {
            PokerServer server = PokerServer.open(node, game.lobby(node, app), app, at.address(), false);
            LaunchedNode.say("players of OpenPoker: " + HostPort.of(server.address()));
        } catch (IOException | RuntimeException failed) {
            LaunchedNode.say(name + " cannot be what it is to be: " + failed.getMessage());
            node.close();
        }
    }
}
