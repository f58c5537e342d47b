package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.gateway.Way;
import dev.berth.node.launch.HostPort;
import dev.berth.node.session.GateOpener.Door;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The words of a program, right and wrong ones. What is wrong is answered with what would be right. */
class GateWordsTest {
    private static HostPort at(String host, int port) {
        return new HostPort(host, port);
    }

    @Test
    void wordsSayWhereClientsConnect_andWhereTheyReachIt() {
        GateWords words = GateWords.parse(
                "--gate",
                "0.0.0.0:7400",
                "--reached",
                "game.example:443",
                "--web",
                "127.0.0.1:0",
                "--gateway",
                "127.0.0.1:7300",
                "--web-gateway",
                "[::1]:7301");

        assertThat(words.gates())
                .containsExactly(
                        Door.of(at("0.0.0.0", 7400), Way.TCP).reachedAt(at("game.example", 443)),
                        Door.of(at("127.0.0.1", 0), Way.WEB));
        assertThat(words.gateways())
                .containsExactly(Door.of(at("127.0.0.1", 7300), Way.TCP), Door.of(at("::1", 7301), Way.WEB));
        assertThat(GateWords.parse()).isEqualTo(new GateWords(List.of(), List.of()));
    }

    @Test
    void pagesAreForEveryDoorOfBrowsers(@TempDir Path directory) {
        GateWords words = GateWords.parse(
                "--pages", directory.toString(), "--gate", "a:1", "--web", "a:2", "--web-gateway", "a:3");

        assertThat(words.gates())
                .containsExactly(
                        Door.of(at("a", 1), Way.TCP),
                        Door.of(at("a", 2), Way.WEB).withPages(directory));
        assertThat(words.gateways()).extracting(Door::pages).containsExactly(directory);
        assertWrong("is for browsers, and there is no --web", "--gate", "a:1", "--pages", directory.toString());
        assertWrong("--pages needs a directory, got ''", "--web", "a:1", "--pages");
        assertWrong("--pages needs a directory, got 'nowhere', which is /", "--web", "a:1", "--pages", "nowhere");
    }

    private static void assertWrong(String says, String... words) {
        assertThatThrownBy(() -> GateWords.parse(words))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(says);
    }

    @Test
    void wrongWords_areAnsweredWithWhatThereIs() {
        assertWrong("'--door' is nothing to start with; there are --gate HOST:PORT", "--door", "127.0.0.1:1");
        assertWrong("'gate' is nothing to start with; there are --gate HOST:PORT", "gate");
        assertWrong("--gate needs HOST:PORT", "--gate");
        assertWrong("--gateway needs HOST:PORT", "--gateway", "7300");
        assertWrong("--reached needs HOST:PORT", "--gate", "127.0.0.1:0", "--reached", "game.example:0");
        assertWrong("stands behind the --gate or --web", "--reached", "game.example:1");
        assertWrong("stands behind the --gate or --web", "--gateway", "a:1", "--reached", "game.example:1");
        assertWrong("stands behind the --gate or --web", "--gate", "a:1", "--gateway", "a:2", "--reached", "b:1");
        assertWrong("stands behind the --gate or --web", "--gate", "a:1", "--reached", "b:1", "--reached", "c:1");
    }

    @Test
    @Tag("S3.35")
    void gateway_runsNoGames() {
        assertThatThrownBy(() -> GateWords.parse("--gateway", "a:1").requireNoGames("door", true))
                .hasMessageContaining("node door is a gateway, and a gateway runs no games");
        assertThatThrownBy(() ->
                        GateWords.parse("--gateway", "a:1", "--gate", "a:2").requireNoGames("door", false))
                .hasMessageContaining("leave out");
        assertThatCode(() -> GateWords.parse("--gateway", "a:1").requireNoGames("door", false))
                .doesNotThrowAnyException();
        assertThatCode(() -> GateWords.parse("--gate", "a:1").requireNoGames("game", true))
                .doesNotThrowAnyException();
    }
}
