package dev.berth.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.node.dev.DevCluster;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server that is a process is killed with -9 while players are on their way to it. All of them play at the other one in the end, and the group
 * has lost the dead one without anybody's doing.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class GatewayProcessTest {
    private static final int PLAYERS = 12;

    @Test
    @Tag("S3.12")
    @Tag("S3.30")
    @Tag("S3.34")
    void serverIsKilled_withPlayersOnTheirWay_andAllPlayAtTheOther() throws Exception {
        try (Quay quay = new Quay(DevCluster.start(GameProcess.TIMINGS, 1));
                GameProcess doomed = new GameProcess(quay.cluster, "doomed")) {
            quay.awaitServers(1);
            Gateway gateway = quay.oldGateway();
            List<Thread> players = new ArrayList<>();
            AtomicInteger playing = new AtomicInteger();
            AtomicInteger atHome = new AtomicInteger();
            Quay.Berthed other = quay.server();
            quay.awaitServers(2);
            for (int i = 0; i < PLAYERS; i++) {
                players.add(Thread.startVirtualThread(() -> {
                    while (playsToTheEnd(gateway.addresses().getFirst(), doomed, playing)) {}
                    atHome.incrementAndGet();
                }));
            }
            Haven.eventually("half of them play", () -> playing.get() >= PLAYERS / 2);
            doomed.kill();
            Haven.eventually("all play at the other", () -> other.server().taken() == PLAYERS);
            quay.awaitServers(1);
            assertThat(Quay.handedTo(gateway.addresses().getFirst())
                            .orElseThrow()
                            .port())
                    .isEqualTo(other.at().getPort());

            other.gate().close();
            for (Thread player : players) {
                player.join();
            }
            assertThat(atHome).hasValue(PLAYERS);
        }
    }

    /** Whether it tries again: it has been sent nowhere, turned away, or its server has died. */
    private static boolean playsToTheEnd(InetSocketAddress gateway, GameProcess doomed, AtomicInteger playing) {
        try {
            var there = Quay.handedTo(gateway);
            Optional<Plug> game = there.isEmpty()
                    ? Optional.empty()
                    : Quay.playing(there.get().address());
            if (game.isEmpty()) {
                return true;
            }
            playing.incrementAndGet();
            try (Plug plug = game.get()) {
                plug.toTheEnd();
            }
            return there.get().equals(doomed.at());
        } catch (IOException refused) {
            return true;
        }
    }
}
