package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.entity.Requests;
import dev.berth.node.worker.Node;
import dev.berth.poker.OpenTable;
import dev.berth.poker.wire.Packet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers, each of which has tables: games that are made at one are at that one, and no number is given twice. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class NearbyGamesTest {
    private static final int GAMES = 40;
    private static final Packet GAME =
            new Packet.MakeTestGame(2, 2, 1_000, 2_000, 60_000, 60_000, Bytes.wrap(new byte[] {1, 2, 3, 4}));

    @Test
    void gamesAreWhereTheyWereMade() throws Exception {
        try (Parlor parlor = new Parlor(2)) {
            Parlor.until("both have as many tables", () -> isDivided(parlor));
            Set<Long> all = new HashSet<>();
            for (int at = 0; at < 2; at++) {
                try (Wired maker = new Wired(parlor.at(at))) {
                    for (int i = 0; i < GAMES; i++) {
                        maker.says(GAME);
                        long game = maker.next(Packet.Good.class).extra();
                        assertThat(all.add(game)).as("game " + game).isTrue();
                        assertThat(owner(parlor, game))
                                .isEqualTo(parlor.servers.get(at).node().self());
                    }
                }
            }
        }
    }

    /** As many buckets each, so that none moves any more. */
    private static boolean isDivided(Parlor parlor) {
        Map<Incarnation, Integer> owners = new HashMap<>();
        Service service = Objects.requireNonNull(parlor.node().view()).service(parlor.app.service());
        if (service != null) {
            service.forEachUnit((_, state) -> owners.merge(
                    state instanceof SlotState.Running running ? running.owner() : Incarnation.NONE, 1, Integer::sum));
        }
        return owners.size() == 2 && new HashSet<>(owners.values()).size() == 1;
    }

    private static Incarnation owner(Parlor parlor, long game) {
        Node node = parlor.node();
        View view = Objects.requireNonNull(node.view());
        SlotState slot = view.slot(new Requests(parlor.app, node).slot(OpenTable.class, game));
        return slot == null ? Incarnation.NONE : slot.owner();
    }
}
