package dev.berth.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.cluster.Settings;
import dev.berth.core.cluster.SettingsCatalog;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server with two places. Who reserves, comes, goes and does not come; the bound is compared after each. */
class PlacesTest {
    private static final long KEEP = 15_000;
    private final Places places = new Places(2, KEEP);

    @Test
    @Tag("D4")
    void lastPlace_isReservedOnce_whoeverAsks() {
        assertThat(places.reserve(0)).isTrue();
        assertThat(places.reserve(0)).isTrue();
        assertThat(places.reserve(0)).isFalse();

        assertThat(places.enter(1)).isTrue();
        assertThat(places.reserve(1)).isFalse();
        assertThat(places.kept(1)).isEqualTo(1);
    }

    @Test
    @Tag("S3.10")
    void whoSaysNothingElse_hasFiveThousandPlayersAtAServer() {
        assertThat(SettingsCatalog.BUILT_IN.whole(Settings.EMPTY, SettingsCatalog.GATE_PLACES))
                .isEqualTo(5_000);
    }

    @Test
    @Tag("S3.10")
    void whoeverComes_isLetIn_onlyAsLongAsThereIsAPlace() {
        assertThat(places.enter(0)).isTrue();
        assertThat(places.enter(0)).isTrue();
        assertThat(places.enter(0)).isFalse();
        places.leave();
        assertThat(places.enter(0)).isTrue();
        assertThat(places.taken()).isEqualTo(2);
    }

    @Test
    void reservationLapses_ofWhoeverDoesNotCome() {
        places.reserve(0);
        places.reserve(5_000);
        assertThat(places.reserve(KEEP - 1)).isFalse();
        assertThat(places.reserve(KEEP)).isTrue();
        assertThat(places.reserve(KEEP)).isFalse();
        assertThat(places.kept(2 * KEEP)).isZero();
    }

    @Test
    void limitIsLowered_nobodyGoes_andNobodyComes() {
        places.enter(0);
        places.enter(0);
        places.limit(1);
        assertThat(places.enter(0)).isFalse();
        places.leave();
        assertThat(places.enter(0)).isFalse();
        assertThat(places.reserve(0)).isFalse();
        places.limit(2);
        assertThat(places.reserve(0)).isTrue();
    }

    @Test
    void nobodyIsHere_soNobodyLeaves() {
        assertThatThrownBy(places::leave).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> places.limit(-1)).hasMessageContaining("-1");
    }
}
