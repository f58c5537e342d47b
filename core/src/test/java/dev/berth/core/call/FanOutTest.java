package dev.berth.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.CallAction.Connect;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.machine.Backoff;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// What grows with what: connections with the pairs that need each other, not with players, nor with the square of the
// nodes. The machines are asked by many, and the connections that they want are counted.
class FanOutTest {
    private static final long DEADLINE = 1_000_000_000L;
    private static final Backoff BACKOFF = new Backoff(1_000_000, 8_000_000);

    private final Harbor harbor = new Harbor();

    @Test
    @Tag("S2.7")
    void oneAgentServesAllPlayers_andWantsOneConnectionPerOwner() {
        Incarnation self = harbor.join(1);
        Incarnation two = harbor.join(2);
        Incarnation three = harbor.join(3);
        for (int slot = 1; slot <= Harbor.CAPACITY; slot++) {
            harbor.run(slot, slot % 2 == 0 ? two : three);
        }
        int players = 1_000;
        CallLimits limits = new CallLimits(2 * players, players, BACKOFF, 20_000_000);
        Calls agent = new Calls(
                limits,
                new Judge(_ -> true),
                new MarkSet(),
                Table.of(harbor.view(), self),
                new SplittableRandom(7),
                0,
                1,
                1);
        List<CallAction> actions = new ArrayList<>();

        for (int player = 0; player < players; player++) {
            agent.submit(
                    0,
                    Request.toSlot(player, Harbor.slot(player % Harbor.CAPACITY + 1), DEADLINE, Bytes.EMPTY),
                    actions::add);
        }

        assertThat(actions).containsExactlyInAnyOrder(new Connect(two), new Connect(three));
    }

    @Test
    @Tag("S1.32")
    @Tag("S4.7")
    @Tag("S4.21")
    void aHundredNodesThatEachNeedThreeOthers_dialThreeHundredTimes_notTenThousand() {
        int nodes = 100;
        int needed = 3;
        List<Incarnation> lives = new ArrayList<>();
        for (int node = 1; node <= nodes; node++) {
            lives.add(harbor.join(node));
        }
        List<PeersAction> dials = new ArrayList<>();
        TreeSet<String> pairs = new TreeSet<>();

        for (int node = 0; node < nodes; node++) {
            Peers peers = new Peers(BACKOFF, Table.of(harbor.view(), lives.get(node)), new SplittableRandom(node));
            for (int step = 1; step <= needed; step++) {
                int other = (node + step) % nodes;
                for (int message = 0; message < 10; message++) {
                    peers.on(0, new PeersEvent.Wanted(lives.get(other)), dials::add);
                }
                pairs.add(Math.min(node, other) + "-" + Math.max(node, other));
            }
            peers.advance(DEADLINE, dials::add);
        }

        assertThat(pairs).hasSize(nodes * needed);
        assertThat(dials).hasSize(nodes * needed).allMatch(PeersAction.Dial.class::isInstance);
    }
}
