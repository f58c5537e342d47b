package dev.berth.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Sessions are opened and closed at random while the numbers wrap around; a plain map says what must be found.
class SessionsTest {
    static Flight flight() {
        Request request = Request.toSlot(1, Harbor.slot(1), 1, Bytes.EMPTY);
        return new Flight(request, new Lane(1, Harbor.slot(1), 0, 0), 0, 0);
    }

    @Test
    @Tag("S4.11")
    void wrapAround_givesOnlyFreeNumbersOfTheLane() {
        SplittableRandom random = new SplittableRandom(3);
        Sessions sessions = new Sessions(2, 5, Integer.MAX_VALUE - 4_000);
        TreeMap<Integer, Flight> live = new TreeMap<>();
        List<Flight> order = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (order.isEmpty() || (order.size() < 300 && random.nextInt(3) > 0)) {
                Flight flight = flight();
                sessions.open(flight);
                assertThat(flight.session).isPositive();
                assertThat(flight.session % 5).isEqualTo(2);
                assertThat(live.put(flight.session, flight)).isNull();
                order.add(flight);
            } else {
                Flight flight = order.remove(random.nextInt(order.size()));
                live.remove(flight.session);
                int session = flight.session;
                sessions.close(flight);
                assertThat(sessions.get(session)).isNull();
            }
        }
        assertThat(live.firstKey()).as("wrapped around").isLessThan(1_000_000);
        assertThat(sessions.size()).isEqualTo(live.size());
        live.forEach((session, flight) -> assertThat(sessions.get(session)).isSameAs(flight));
    }

    @Test
    void laneOutsideItsRange_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Sessions(3, 3, 1))
                .withMessageContaining("lane 3 of 3");
    }
}
