package dev.berth.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.ViewImage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

// ZooKeeper refuses nodes of more than 1 MiB. The view here is of a full cluster: every member with a name, an
// address, a launcher and one offer, every slot running.

/** The durable view of a large cluster fits into the coordinator's node. */
class ViewSizeTest {
    private static final int NODE_MAX = 1 << 20;

    private static byte[] view(int members, int slots) {
        SplittableRandom random = new SplittableRandom(1);
        List<Listing> listings = new ArrayList<>();
        for (int i = 1; i <= members; i++) {
            listings.add(new Listing(
                    new Incarnation(new NodeId(i), 1_000_000 + i),
                    "worker-%05d".formatted(i),
                    new Nonce(random.nextLong(), random.nextLong()),
                    List.of(new Offer("role", 8, false)),
                    List.of("10.20.30.40:7000"),
                    "launcher-%04d".formatted(i / 10),
                    false));
        }
        List<SlotState> units = new ArrayList<>();
        for (int i = 0; i < slots; i++) {
            Listing owner = listings.get(i % members);
            units.add(new SlotState.Running(
                    owner.incarnation(), owner.incarnation().number() + 7));
        }
        var service = new ViewImage.ServiceImage(ServicePlan.plain("role", slots), units, List.of(), List.of());
        return Protocol.VIEW.encode(new ViewImage(
                2_000_000, 5_000_000_000L, 5_000_000_000L, listings, List.of(service), List.of(), List.of(), 0));
    }

    @Test
    void fiveThousandMembers_takeHalfOfTheNode() {
        assertThat(view(5_000, 5_000)).hasSizeBetween(NODE_MAX / 3, 2 * NODE_MAX / 3);
        assertThat(view(9_000, 9_000)).hasSizeLessThan(NODE_MAX);
        assertThat(view(1_000, 32_768)).hasSizeBetween(NODE_MAX / 2, NODE_MAX);
    }

    @Test
    void eachMemberAndSlot_takesAStatedNumberOfBytes() {
        int base = view(1_000, 1_000).length;

        assertThat((view(2_000, 1_000).length - base) / 1_000).isEqualTo(90);
        assertThat((view(1_000, 2_000).length - base) / 1_000).isEqualTo(16);
    }
}
