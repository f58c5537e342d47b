package dev.berth.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import dev.berth.core.machine.Backoff;
import dev.berth.core.registry.ToyStorm.Weather;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Plan: six nodes register, withdraw and look up five keys, while nodes pause and crash, links stall and reset, and
// registry slots move; an oracle judges after each step, and once the faults stop, everybody must come to agree. Then
// each measure is taken away in turn: the same storms must find two holders of one key, or a wrong "absent".
class RegistryStormTest {
    private static final int SEEDS = 25;
    private static final int SEEDS_TO_CATCH = 300;
    private static final RegistryLimits LIMITS = new RegistryLimits(100, 100, 100, 4, 3, 50, 2, new Backoff(10, 200));

    private static class Sound implements ToyCluster.Makers {
        @Override
        public RegistryFront front(Incarnation self, ToyCluster cluster) {
            return new RegistryFront(self, ToyCluster.SERVICE, ToyCluster::slotOf, LIMITS, cluster.random.split());
        }

        @Override
        public RegistryOwner owner(Grant grant, View view) {
            return new RegistryOwner(grant, view, LIMITS);
        }
    }

    @Test
    @Tag("S1.13")
    @Tag("S1.23")
    @Tag("S1.26")
    @Tag("S1.27")
    @Tag("S1.29")
    @Tag("S1.30")
    @Tag("D8")
    void anyStorm_neverTwoHolders_neverAWrongAbsent_thenAllAgree() {
        TreeMap<String, Integer> counts = new TreeMap<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            Weather weather = seed % 3 == 0 ? Weather.MOVING : Weather.ROUGH;
            ToyStorm storm = ToyStorm.play(seed, weather, new Sound(), false);
            if (storm.violation() != null) {
                ToyStorm again = ToyStorm.play(seed, weather, new Sound(), true);
                assertThat(again.violation())
                        .as("seed %d%n%s", seed, again.story())
                        .isNull();
            }
            storm.counts().forEach((what, n) -> counts.merge(what, n, Integer::sum));
        }
        // The storms are storms: each of these happened.
        assertThat(counts)
                .containsKeys(
                        "Voided", "Rebuilding", "Taken", "Gone", "Changed", "Reported", "lookup Absent", "excused");
    }

    @Test
    void sameSeed_sameStory() {
        assertThat(ToyStorm.play(7, Weather.ROUGH, new Sound(), true).story())
                .isEqualTo(ToyStorm.play(7, Weather.ROUGH, new Sound(), true).story());
    }

    @Test
    void acceptsNewBeforeReports_twoHolders() {
        assertCaught(
                Weather.ROUGH,
                new Sound() {
                    @Override
                    public RegistryOwner owner(Grant grant, View view) {
                        return new RegistryOwner(grant, view, LIMITS) {
                            @Override
                            protected boolean acceptsNewNow() {
                                return true;
                            }
                        };
                    }
                },
                "two holders");
    }

    @Test
    void saysAbsentBeforeReports_wrongAbsent() {
        assertCaught(
                Weather.ROUGH,
                new Sound() {
                    @Override
                    public RegistryOwner owner(Grant grant, View view) {
                        return new RegistryOwner(grant, view, LIMITS) {
                            @Override
                            protected boolean missIsAbsent() {
                                return true;
                            }
                        };
                    }
                },
                "is absent");
    }

    @Test
    void resumesWithoutVoiding_twoHolders() {
        assertCaught(
                Weather.ROUGH,
                new Sound() {
                    @Override
                    public RegistryFront front(Incarnation self, ToyCluster cluster) {
                        return new RegistryFront(
                                self, ToyCluster.SERVICE, ToyCluster::slotOf, LIMITS, cluster.random.split()) {
                            @Override
                            protected boolean voidsAfterLapse() {
                                return false;
                            }
                        };
                    }
                },
                "two holders");
    }

    @Test
    void countsAnswersOfAnEarlierOwner_caught() {
        assertCaught(
                Weather.MOVING,
                new Sound() {
                    @Override
                    public RegistryFront front(Incarnation self, ToyCluster cluster) {
                        return new RegistryFront(
                                self, ToyCluster.SERVICE, ToyCluster::slotOf, LIMITS, cluster.random.split()) {
                            @Override
                            protected boolean forgetsRequests() {
                                return false;
                            }
                        };
                    }
                },
                "two holders",
                "is absent");
    }

    @Test
    @Tag("D8")
    void secondRegistrationWins_twoHolders() {
        assertCaught(
                Weather.ROUGH,
                new Sound() {
                    @Override
                    public RegistryOwner owner(Grant grant, View view) {
                        return new RegistryOwner(grant, view, LIMITS) {
                            @Override
                            protected boolean keepsFirst(RegistryEntry first, Incarnation from, long stamp) {
                                return false;
                            }
                        };
                    }
                },
                "two holders");
    }

    @Test
    @Tag("S1.26")
    void anybodyMayDeregister_caught() {
        assertCaught(
                Weather.ROUGH,
                new Sound() {
                    @Override
                    public RegistryOwner owner(Grant grant, View view) {
                        return new RegistryOwner(grant, view, LIMITS) {
                            @Override
                            protected boolean mayRemove(RegistryEntry entry, Incarnation from, long stamp) {
                                return true;
                            }
                        };
                    }
                },
                "two holders",
                "is absent");
    }

    private static void assertCaught(Weather weather, ToyCluster.Makers broken, String... expected) {
        @Nullable String found = null;
        for (long seed = 1; seed <= SEEDS_TO_CATCH && found == null; seed++) {
            found = ToyStorm.play(seed, weather, broken, false).violation();
        }
        assertThat(found).containsAnyOf(expected);
    }
}
