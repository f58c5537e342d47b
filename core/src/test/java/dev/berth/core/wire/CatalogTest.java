package dev.berth.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A catalog holds each frame type once, and a narrower one holds only what its side may hear. */
class CatalogTest {
    sealed interface Signal {
        sealed interface Loud extends Signal {}

        @Code(5)
        record Horn(@Field(1) int blasts) implements Loud {}

        @Code(6)
        record Flags(@Field(1) String text) implements Signal {}
    }

    sealed interface Other {
        @Code(6)
        record Lamp(@Field(1) int watts) implements Other {}
    }

    sealed interface Uncoded {
        record Lamp(@Field(1) int watts) implements Uncoded {}
    }

    @Test
    void types_areThoseOfAllCases() {
        Catalog<Signal> all = Catalog.of(Signal.class);

        assertThat(all.types()).hasToString("{5=" + Signal.Horn.class + ", 6=" + Signal.Flags.class + "}");
        assertThat(all.only(Signal.Loud.class).types()).containsOnlyKeys(5);
    }

    @Test
    void oneNumberForTwoMessages_isRefused() {
        assertThatThrownBy(() -> Catalog.<Object>of(List.of(Signal.class, Other.class)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("frame type 6 is claimed by");
    }

    @Test
    void messageWithoutNumber_isRefused() {
        assertThatThrownBy(() -> Catalog.of(Uncoded.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs a @Code");
    }

    @Test
    void openingThatIsNotInTheCatalog_isRefused() {
        assertThatThrownBy(() -> Catalog.of(Signal.class)
                        .only(Signal.Loud.class)
                        .opening(List.of())
                        .codec(new Signal.Flags("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not in the catalog of this link");
    }
}
