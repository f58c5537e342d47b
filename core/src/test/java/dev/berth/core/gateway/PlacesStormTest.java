package dev.berth.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients, several gateways and servers with few places; servers and gateways die with reservations under way, questions and
 * answers are lost and late, players come unsent, limits change. A checker counts for itself who is where. More: {@code mvn -pl core test
 * -Dtest=PlacesStormTest -Dberth.places.seeds=100000}.
 */
class PlacesStormTest {
    private static final long FIRST = Long.getLong("berth.places.seed", 1);
    private static final int SEEDS = Integer.getInteger("berth.places.seeds", 1_500);

    private static Port played(long seed, boolean calm) {
        Port port = new Port(seed, calm);
        try {
            port.run();
        } catch (AssertionError | RuntimeException violation) {
            throw new AssertionError("seed " + seed + ": " + violation, violation);
        }
        return port;
    }

    @Test
    @Tag("S3.10")
    @Tag("S3.12")
    @Tag("S3.30")
    @Tag("S3.33")
    @Tag("S3.34")
    @Tag("D4")
    void noServerIsEverOverfull_everybodyIsAnsweredInTime_andAllPlacesAreTakenAfterwards() {
        int handedOff = 0;
        int refused = 0;
        int turnedAway = 0;
        int died = 0;
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            Port port = played(seed, false);
            handedOff += port.handedOff;
            refused += port.refused;
            turnedAway += port.turnedAway;
            died += port.died;
        }
        // A storm in which nothing happens shows nothing.
        assertThat(handedOff).isGreaterThan(10 * SEEDS);
        assertThat(refused).isGreaterThan(10 * SEEDS);
        assertThat(turnedAway).isGreaterThan(SEEDS / 10);
        assertThat(died).isGreaterThan(SEEDS / 2);
    }

    @Test
    @Tag("D4")
    void whoIsSentToAPlace_hasIt_ifHeComesInTime() {
        int handedOff = 0;
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            handedOff += played(seed, true).handedOff;
        }
        assertThat(handedOff).isGreaterThan(2 * SEEDS);
    }
}
