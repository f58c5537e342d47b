package dev.berth.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.SlotId;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

// Thousands of lanes of few callers, slots and processes, found and forgotten at random; a list says what must be
// found.
class LanesTest {
    private static Request request(long caller, int slot) {
        Request toSlot = Request.toSlot(caller, new SlotId(slot % 2 == 0 ? "role" : "auth", slot), 1, Bytes.EMPTY);
        return slot % 5 == 0
                ? new Request(
                        caller,
                        null,
                        (1L << 48) + slot,
                        null,
                        1,
                        false,
                        List.of(),
                        Bytes.EMPTY,
                        null,
                        Bytes.EMPTY,
                        null)
                : toSlot;
    }

    @Test
    void lane_isFoundUntilItIsForgotten() {
        Lanes lanes = new Lanes(100, new MarkSet());
        SplittableRandom random = new SplittableRandom(5);
        List<Request> requests = new ArrayList<>();
        List<Lane> made = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            Request request = request(i / 50, 1 + i % 50);
            requests.add(request);
            made.add(lanes.of(request));
        }
        for (int round = 0; round < 20_000; round++) {
            int at = random.nextInt(requests.size());
            assertThat(lanes.of(requests.get(at))).isSameAs(made.get(at));
            if (random.nextInt(3) == 0) {
                lanes.forgetIfIdle(made.get(at));
                lanes.forgetIfIdle(made.get(at));
                Lane anew = lanes.of(requests.get(at));
                assertThat(anew).isNotSameAs(made.get(at));
                made.set(at, anew);
            }
        }
        assertThat(made).doesNotHaveDuplicates();
    }

    @Test
    void laneInUse_isNotForgotten() {
        Lanes lanes = new Lanes(100, new MarkSet());
        Lane lane = lanes.of(request(1, 1));
        lane.underWay = 1;

        lanes.forgetIfIdle(lane);

        assertThat(lanes.of(request(1, 1))).isSameAs(lane);
    }
}
