package dev.berth.node.demo;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.wire.Bytes;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.store.StoreClient;
import dev.berth.node.store.StoreClientConfig;
import dev.berth.node.worker.LaunchedNode;
import dev.berth.node.worker.NodeConfig;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What a process does that does not know that it is over: it writes, straight to the store. One thread. */
public final class Ghost {
    private static final String TRIED = "zombie tried=";

    /** What it prints at the end. */
    static final Pattern SAID = Pattern.compile(Pattern.quote(TRIED) + "(\\d+) accepted=(\\d+)");

    private Ghost() {}

    /** Writes so often under each of these epochs, which are over, and says what came of it. */
    public static void haunt(NodeConfig config, Collection<Grant> lost, int writes) throws Exception {
        InetSocketAddress address = config.store();
        if (address == null) {
            return;
        }
        try (Loops loops = Loops.start(1);
                Transport transport = new Transport(
                        TransportConfig.of(config.cluster(), config.secret(), Protocol.VERSIONS), loops, _ -> {});
                StoreClient store = StoreClient.open(
                        transport, loops.next(), address, StoreClientConfig.DEFAULT, new SplittableRandom())) {
            store.opened().get();
            int accepted = 0;
            int tried = 0;
            for (Grant grant : lost) {
                List<CompletableFuture<StoreOutcome<Written>>> under = IntStream.range(0, writes)
                        .mapToObj(i -> store.append(
                                grant,
                                Bytes.utf8("zombie"),
                                0,
                                new OperationId(grant.epoch(), 1L << 40 | i),
                                Bytes.EMPTY))
                        .toList();
                for (CompletableFuture<StoreOutcome<Written>> write : under) {
                    tried++;
                    accepted += write.get() instanceof StoreOutcome.Done<Written> ? 1 : 0;
                }
            }
            LaunchedNode.say(TRIED + tried + " accepted=" + accepted);
        }
    }
}
