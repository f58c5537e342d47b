package dev.berth.node.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// What berth roll asks arrives as it was meant; what nobody meant is refused in words, however deep it nests.
class ControlTextTest {
    private static RollOrder read(byte[] said) throws Exception {
        return ControlText.readOrder(new ByteArrayInputStream(said));
    }

    @Test
    void order_arrives() throws Exception {
        var order = new RollOrder(
                List.of("game-1", "game-2"), Path.of("/tmp/a b.jar"), false, false, Duration.ofSeconds(7));

        assertThat(read(ControlText.order(order))).isEqualTo(order);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "roll", "{}", "{\"roll\":[]}", "[", "{\"roll\":{\"nodes\":3}}", "\u0000\u0001"})
    void whatIsNoOrder_isRefused(String said) {
        assertThatThrownBy(() -> read((said + "\n").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(LaunchRefusedException.class);
    }

    @Test
    void deepNesting_isRefused_beforeItIsParsed() {
        for (var bracket : List.of("[", "{\"a\":")) {
            var said = bracket.repeat(60_000 / bracket.length()) + "\n";
            assertThatThrownBy(() -> read(said.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(LaunchRefusedException.class)
                    .hasMessageContaining("brackets");
        }
    }
}
